import { join, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadDataset } from '../../data/dataset.js';
import { chooseEngine } from '../../engines/choose.js';
import { LineFile } from '../../log/log-file.js';
import { exitCodes, LockstepError } from '../../protocol/index.js';
import { changesSince } from '../../run/changes-since.js';
import type { Change } from '../../run/changes-since.js';
import type { Manifest, Trial } from '../../run/manifest.js';
import { collectProvenance } from '../../run/provenance.js';
import { readRun } from '../../run/read-run.js';
import { readManifest } from '../../run/run-directory.js';
import { withRunLock } from '../../run/run-lock.js';
import type { CommandContext, ExitCode } from '../context.js';
import { executeTrials } from '../../app/execute-trials.js';
import { outputOptions, parseOutput, parseSchedule, scheduleOptions } from '../options.js';
import type { OutputArguments, ScheduleArguments } from '../options.js';

interface ResumeArguments extends OutputArguments, ScheduleArguments {
  readonly runDir: string;
  readonly force: boolean;
  readonly failed: boolean;
}

/** `lockstep resume <runDir>`: finishes what a run has not finished. */
export function resumeCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, ResumeArguments> {
  return {
    command: 'resume <runDir>',
    describe: 'Go on with a run that was interrupted, from its checkpoints',
    builder: (yargs) =>
      yargs
        .positional('runDir', {
          type: 'string',
          demandOption: true,
          describe: 'Folder of the run, for instance runs/latest',
        })
        .option('force', {
          type: 'boolean',
          default: false,
          describe: 'Go on although configuration, data or code changed; resumes.ndjson says what',
        })
        .option('failed', {
          type: 'boolean',
          default: false,
          describe: 'Run failed trials again, too, from their newest checkpoints',
        })
        .options({ ...scheduleOptions, ...outputOptions }) as never,
    handler: async (args) => {
      exit(await resume(args, context));
    },
  };
}

function changed(runFolder: string, changes: readonly Change[]): LockstepError {
  const list = changes.map(({ what, then, now }) => `  ${what}: was ${then}, is ${now}`).join('\n');
  return new LockstepError(
    'usage',
    `${runFolder}: expected what the run was begun with, but this changed:\n${list}`,
    { hint: 'Restore it, or mix the two knowingly with --force, which is recorded.' },
  );
}

async function resume(args: ResumeArguments, context: CommandContext): Promise<ExitCode> {
  const runFolder = resolve(context.cwd, args.runDir);
  // What is wrong with the command line is told before anything is done; a folder that is no run gets no lock.
  const [schedule, output] = [parseSchedule(args), parseOutput(args)];
  await readManifest(runFolder);
  return withRunLock(runFolder, async () => {
    const { manifest, trials: all } = await readRun(runFolder);
    const left = args.failed ? [] : all.filter(({ state }) => state === 'failed');
    const trials = all
      .filter((trial) => trial.result === undefined && !left.includes(trial))
      .map(({ trial }) => trial);
    if (trials.length > 0) await requireUnchanged({ runFolder, manifest, trials }, args, context);
    const code = await executeTrials({ manifest, runFolder, trials, schedule, output }, context);
    if (left.length === 0) return code;
    const list = left
      .map(({ trial, reason }) => `  trial ${trial.index}: ${reason ?? 'no reason given'}\n`)
      .join('');
    context.stderr.write(`Left as they failed; --failed runs them again:\n${list}`);
    return code === 0 ? exitCodes.worker : code;
  });
}

interface Resumed {
  readonly runFolder: string;
  readonly manifest: Manifest;
  /** Those that are to run now. */
  readonly trials: readonly Trial[];
}

/**
 * With --force records what changed since the run was begun, and allows it.
 * @throws LockstepError `usage` without it, and where the run's engine is not here
 */
async function requireUnchanged(
  { runFolder, manifest, trials }: Resumed,
  { force }: Pick<ResumeArguments, 'force'>,
  { clock }: CommandContext,
): Promise<void> {
  const { config, engine } = manifest;
  const { version } = chooseEngine(engine.name, engine.device);
  const { files } = await loadDataset(config.data);
  const changes = changesSince(manifest, await collectProvenance(files), version);
  if (changes.length === 0) return;
  if (!force) throw changed(runFolder, changes);
  const record = { time: clock(), trials: trials.map(({ index }) => index), changes };
  const file = new LineFile(join(runFolder, 'resumes.ndjson'));
  try {
    file.write(`${JSON.stringify(record)}\n`);
  } finally {
    file.close();
  }
}
