import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { readManifest, trialFiles } from '../../run/run-directory.js';
import { readResult } from '../../run/trial-state.js';
import type { CommandContext, ExitCode } from '../context.js';
import { executeTrials } from '../execute-trials.js';
import { jobsOption, once, outputOptions, parseJobs, parseOutput } from '../options.js';
import type { OutputArguments } from '../options.js';

interface ResumeArguments extends OutputArguments {
  readonly runDir: string;
  readonly jobs: string;
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
        .options({ jobs: jobsOption, ...outputOptions }),
    handler: async (args) => {
      exit(await resume(args, context));
    },
  };
}

async function resume(args: ResumeArguments, context: CommandContext): Promise<ExitCode> {
  const runFolder = resolve(context.cwd, args.runDir);
  const manifest = await readManifest(runFolder);
  const results = await Promise.all(
    manifest.trials.map(({ index }) => readResult(trialFiles(runFolder, index).result)),
  );
  const trials = manifest.trials.filter((_, index) => results[index] === undefined);
  return executeTrials(
    {
      manifest,
      runFolder,
      trials,
      jobs: parseJobs(once(args.jobs, '--jobs')),
      output: parseOutput(args),
    },
    context,
  );
}
