import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { resumeRun } from '../../app/resume-run.js';
import type { CommandContext, ExitCode } from '../context.js';
import { finishRun } from '../finish-run.js';
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
    describe: 'Continue a run that was interrupted, from its checkpoints',
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
          describe:
            'Continue although configuration, data or code changed; resumes.ndjson records it',
        })
        .option('failed', {
          type: 'boolean',
          default: false,
          describe: 'Also run failed trials again, from their newest checkpoints',
        })
        .options({ ...scheduleOptions, ...outputOptions }) as never,
    handler: async (args) => {
      exit(await resume(args, context));
    },
  };
}

async function resume(args: ResumeArguments, context: CommandContext): Promise<ExitCode> {
  const { force, failed } = args;
  const request = { runFolder: resolve(context.cwd, args.runDir), force, failed };
  const [schedule, output] = [parseSchedule(args), parseOutput(args)];
  return finishRun(
    (startProgress, surroundings) => resumeRun(request, schedule, startProgress, surroundings),
    output,
    context,
  );
}
