import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './versitygw.js';

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol', 'scancel'];

/** Skips a test where there is no Slurm to start; fails it instead when LOCKSTEP_REQUIRE_SLURM is 1. */
export function requireSlurm(test: Mocha.Context): void {
  const why = missing();
  if (why === undefined) return;
  if (process.env.LOCKSTEP_REQUIRE_SLURM === '1') throw new Error(why);
  console.log(`      skipped: ${why}`);
  test.skip();
}

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start a Slurm of its own';
  const absent = programs.filter((name) => spawnSync('which', [name]).status !== 0);
  if (absent.length === 0) return undefined;
  return `no ${absent.join(', ')} (apt-get install slurm-wlm munge)`;
}

/** What `scontrol` says of one task of an array job. */
export interface SlurmTask {
  readonly state: string;
  /** Exit code and signal, for instance `0:0`. */
  readonly exitCode: string;
  readonly restarts: number;
}

/** A cluster of one node, of this machine, in a folder of its own. */
export interface SlurmCluster {
  /** What a process needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** The tasks of all jobs by `<job>_<task>`. */
  tasks(): Promise<ReadonlyMap<string, SlurmTask>>;
  /** Awaits a state of the tasks. @throws Error with the last state and the logs */
  until(
    what: string,
    isReached: (tasks: ReadonlyMap<string, SlurmTask>) => boolean,
    seconds?: number,
  ): Promise<ReadonlyMap<string, SlurmTask>>;
  /** Kills slurmd with signal 9, and starts it again after some seconds. */
  restartNode(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts munge, slurmctld and slurmd, without systemd and cgroups.
 * @param settings further lines of slurm.conf
 */
export async function startSlurm(settings: readonly string[] = []): Promise<SlurmCluster> {
  const folder = await mkdtemp('/tmp/lockstep-slurm-');
  const at = (name: string) => join(folder, name);
  for (const name of ['state', 'spool']) await mkdir(at(name));
  await writeFile(at('munge.key'), randomBytes(1024), { mode: 0o400 });
  const socket = at('munge.sock');
  const [ctldPort, nodePort] = [await freePort(), await freePort()];
  const conf = at('slurm.conf');
  await writeFile(
    conf,
    [
      ...['ClusterName=lockstep', 'SlurmctldHost=localhost', 'SlurmUser=root', 'SlurmdUser=root'],
      ...[`SlurmctldPort=${ctldPort}`, `SlurmdPort=${nodePort}`, `AuthInfo=socket=${socket}`],
      ...[`StateSaveLocation=${at('state')}`, `SlurmdSpoolDir=${at('spool')}`],
      ...[`SlurmctldPidFile=${at('ctld.pid')}`, `SlurmdPidFile=${at('node.pid')}`],
      ...[`SlurmctldLogFile=${at('ctld.log')}`, `SlurmdLogFile=${at('node.log')}`],
      ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none'],
      ...['JobAcctGatherType=jobacct_gather/none', 'AccountingStorageType=accounting_storage/none'],
      ...['SelectType=select/cons_tres', 'SelectTypeParameters=CR_CPU', 'ReturnToService=2'],
      ...['MinJobAge=3600', 'SchedulerParameters=sched_interval=1,batch_sched_delay=0'],
      'SlurmdParameters=config_overrides',
      ...settings,
      'NodeName=localhost CPUs=4 RealMemory=2000',
      'PartitionName=debug Nodes=ALL Default=YES State=UP',
      '',
    ].join('\n'),
  );
  const env = { SLURM_CONF: conf };
  const run = async (program: string, ...args: readonly string[]) => {
    const options = { env: { ...process.env, ...env } };
    return (await promisify(execFile)(program, args, options)).stdout;
  };
  const startNode = () => run('slurmd', '-N', 'localhost');

  async function tasks(): Promise<ReadonlyMap<string, SlurmTask>> {
    const text = await run('scontrol', 'show', 'job', '--oneliner').catch(() => '');
    const found = text.split('\n').flatMap((line): [string, SlurmTask][] => {
      const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S+)`).exec(line)?.[1];
      const [job, task] = [field('ArrayJobId'), field('ArrayTaskId')];
      if (job === undefined || task === undefined) return [];
      const state = field('JobState')!;
      const [exitCode, restarts] = [field('ExitCode')!, Number(field('Restarts'))];
      return [[`${job}_${task}`, { state, exitCode, restarts }]];
    });
    return new Map(found);
  }
  async function kill(name: string, signal: NodeJS.Signals): Promise<void> {
    const pid = Number(await readFile(at(name), 'utf8').catch(() => ''));
    if (pid > 0) process.kill(pid, signal);
  }
  async function stop(): Promise<void> {
    for (const name of ['node.pid', 'ctld.pid', 'munged.pid']) {
      await kill(name, 'SIGTERM').catch(() => undefined);
    }
    await sleep(500);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  try {
    const files = ['socket', 'pid-file', 'log-file', 'seed-file'].map(
      (flag) => `--${flag}=${at(flag === 'socket' ? 'munge.sock' : `munged.${flag.slice(0, -5)}`)}`,
    );
    await run('munged', '--force', `--key-file=${at('munge.key')}`, ...files);
    await run('slurmctld');
    await startNode();
    for (let tries = 0; !(await run('sinfo', '-h', '-o', '%T')).includes('idle'); tries += 1) {
      if (tries === 100) throw new Error(`no node is up:\n${await run('sinfo', '-N', '-l')}`);
      await sleep(100);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...{ env, run, tasks, stop },
    async until(what, isReached, seconds = 60) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const now = await tasks();
        if (isReached(now)) return now;
        if (Date.now() > end) {
          const log = (await readFile(at('ctld.log'), 'utf8')).split('\n').slice(-15).join('\n');
          const states = JSON.stringify([...now]);
          throw new Error(`expected ${what} within ${seconds} s, got ${states}\n${log}`);
        }
        await sleep(200);
      }
    },
    async restartNode(seconds) {
      await kill('node.pid', 'SIGKILL');
      await sleep(1000 * seconds);
      await startNode();
    },
  };
}
