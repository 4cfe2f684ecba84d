import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readCommit } from '../../src/machines/run-store.js';
import { openStore } from '../../src/store/open-store.js';
import { lockstep } from '../support/lockstep.js';
import { killWith9, processesNaming } from '../support/processes.js';
import { requireSlurm, startSlurm } from '../support/slurm.js';
import type { SlurmCluster } from '../support/slurm.js';
import { filesBelow, storedRun } from '../support/stored-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const client = pathToFileURL(join(process.cwd(), 'clients/node/lockstep.mjs')).href;

/** The keys of a run that lasts, and waits most of the time: a variant is a program that sleeps in every step. */
async function long(cwd: string): Promise<string[]> {
  const program = join(cwd, 'sleep.mjs');
  const text = `import { setTimeout } from 'node:timers/promises';
    import { train } from '${client}';
    await train({ step: () => setTimeout(50, { loss: 1, accuracy: 0.5 }), save: () => undefined });`;
  await writeFile(program, text);
  return [
    'training.steps=100000',
    'checkpoint.every=20',
    'variants.snn=null',
    `variants.own={program: [node, ${program}]}`,
  ];
}

const small = ['--', '--cpus-per-task=1'];

async function commits(store: string): Promise<(number | undefined)[]> {
  const open = await openStore(store, { cwd: '/', env: {} });
  return Promise.all([0, 1, 2].map(async (index) => (await readCommit(open, index))?.attempt));
}

async function hasCheckpoint(store: string, trial: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const names = await filesBelow(join(store, 'trials', trial));
    if (names.some((name) => /checkpoints\/.*state\.json$/.test(name))) return;
    await sleep(100);
  }
  throw new Error(`expected a checkpoint of ${trial}`);
}

describe('lockstep slurm', function () {
  this.timeout(180_000);

  it('prints one command for every array, and its script has no secret', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { seeds: '1..1200' });
      const script = join(store, 'slurm/trials.sh');
      const own = ['--lockstep', 'singularity exec my.sif lockstep', '--scratch', "/tmp/o'neil"];
      const printed = await lockstep(
        ...[cwd, 'slurm', store, '--concurrency', '7', ...own, '--', '--partition=gpu'],
      );
      expect(printed.code, printed.stderr).to.equal(0);
      expect(printed.stdout.split('\n')).to.deep.equal([
        `sbatch --parsable --array=0-999%7 --dependency=singleton --partition=gpu ${script} 1 0`,
        `sbatch --parsable --array=0-199%7 --dependency=singleton --partition=gpu ${script} 2 0`,
        '',
      ]);
      const text = await readFile(script, 'utf8');
      expect(text).to.include(
        `singularity exec my.sif lockstep trial ${store} "$position" --batch "$batch" --scratch '/tmp/o'\\''neil' &`,
      );
      expect(text)
        .to.match(/^#SBATCH --export=NONE$/m)
        .and.match(/^#SBATCH --cpus-per-task=2$/m);
      const unknown = await lockstep(cwd, 'slurm', store, '--partition=gpu');
      expect(unknown).to.include({ code: 2 });
      const none = await lockstep(cwd, 'slurm', join(cwd, 'nothing'));
      expect(none.stderr).to.match(/manifest\.json: expected the manifest of a run, found none/);
    });
  });

  describe('on a real cluster', () => {
    let slurm: SlurmCluster | undefined;
    const before0 = process.env.SLURM_CONF;
    before(async function () {
      requireSlurm(this);
      slurm = await startSlurm();
      process.env.SLURM_CONF = slurm.env.SLURM_CONF;
    });
    after(async () => {
      if (before0 === undefined) delete process.env.SLURM_CONF;
      else process.env.SLURM_CONF = before0;
      await slurm?.stop();
    });

    it('trains every trial of an array, and then has nothing to train', async () => {
      await withTemporaryFolder(async (cwd) => {
        const store = await storedRun(cwd, { seeds: '1..3' });
        const submitted = await lockstep(cwd, 'slurm', store, '--submit', ...small);
        expect(submitted.code, submitted.stderr).to.equal(0);
        const job = submitted.stdout.trim();
        const ended = await slurm!.until('all to complete', (tasks) =>
          [0, 1, 2].every((task) => tasks.get(`${job}_${task}`)?.state === 'COMPLETED'),
        );
        expect(ended.get(`${job}_1`)).to.include({ exitCode: '0:0', restarts: 0 });
        expect(await commits(store)).to.deep.equal([1, 1, 1]);
        expect(await readFile(join(store, `slurm/${job}_0.log`), 'utf8')).to.include('committed');
        const again = await lockstep(cwd, 'slurm', store, '--submit');
        expect(again.stdout).to.equal('');
        expect(again.stderr).to.match(/Nothing to train/);
      });
    });

    it('goes on after kill -9, requeue and the time limit, and ends when it is cancelled', async () => {
      await withTemporaryFolder(async (cwd) => {
        const set = await long(cwd);
        const store = await storedRun(cwd, { seeds: '1..3', set });
        const limited = await storedRun(cwd, { seeds: '4', set });
        const submit = async (of: string, ...extra: string[]) =>
          (await lockstep(cwd, 'slurm', of, '--submit', ...small, ...extra)).stdout.trim();
        const timed = await submit(limited, '--time=1');
        const job = await submit(store);
        for (const trial of ['0000', '0001', '0002']) await hasCheckpoint(store, trial);

        const [victim] = processesNaming(`trial ${store} 0 `);
        killWith9(victim!);
        await slurm!.run('scancel', `${job}_1`);
        await slurm!.run('scontrol', 'requeue', `${job}_2`);
        const settled = await slurm!.until(
          'a cancelled and two requeued tasks',
          (tasks) =>
            tasks.get(`${job}_1`)?.state === 'CANCELLED' &&
            tasks.get(`${job}_2`)?.restarts === 1 &&
            tasks.get(`${timed}_0`)?.restarts === 1,
          120,
        );
        const log = (task: number, of = store, id = job) =>
          readFile(join(of, `slurm/${id}_${task}.log`), 'utf8');
        expect(settled.get(`${job}_0`)?.state, await log(0)).to.equal('RUNNING');
        const goesOn = /attempt 2, from step \d+/;
        for (let tries = 0; tries < 200 && !goesOn.test(await log(0)); tries += 1) await sleep(100);
        expect(await log(0)).to.match(goesOn);
        for (const text of [await log(1), await log(2), await log(0, limited, timed)]) {
          expect(text).to.match(/: interrupted/);
        }
        expect(await commits(store)).to.deep.equal([undefined, undefined, undefined]);

        await writeFile(join(store, 'cancelled'), '');
        const ended = await slurm!.until(
          'the cancelled run to end',
          (tasks) => tasks.get(`${job}_0`)?.state === 'COMPLETED',
        );
        expect(ended.get(`${job}_0`)).to.include({ exitCode: '0:0', restarts: 0 });
        await slurm!.run('scancel', job, timed);
      });
    });

    it('fails a task that would fail again, without starting it again', async () => {
      await withTemporaryFolder(async (cwd) => {
        const store = await storedRun(cwd);
        const path = join(store, 'manifest.json');
        const manifest = await readFile(path, 'utf8');
        await writeFile(
          path,
          manifest.replace(/"code": "[0-9a-f]{64}"/, `"code": "${'0'.repeat(64)}"`),
        );
        const submitted = await lockstep(cwd, 'slurm', store, '--submit', ...small);
        const job = submitted.stdout.trim();
        const ended = await slurm!.until(
          'the task to fail',
          (tasks) => tasks.get(`${job}_0`)?.state === 'FAILED',
        );
        expect(ended.get(`${job}_0`)).to.include({ exitCode: '2:0', restarts: 0 });
      });
    });
  });
});
