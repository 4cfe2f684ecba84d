import { resolve } from 'node:path';
import { resumeRun } from '../../app/resume-run.js';
import { parseSeeds } from '../../config/schema/seeds.js';
import { LockstepError } from '../../protocol/index.js';
import { isRunStore } from '../../store/open-store.js';
import { defineCommand } from '../command.js';
import type { CommandContext, ExitCode } from '../context.js';
import { finishRun } from '../finish-run.js';
import { parsed, text, toggle } from '../flags.js';
import { outputFlags, queueFlag, scheduleFlags, scheduleOf } from '../options.js';
import type { Output } from '../options.js';
import { printDispatch } from '../print-dispatch.js';

export const resume = defineCommand({
  name: 'resume',
  describe: 'Continue a run that was interrupted, from its checkpoints, or add seeds to one',
  positionals: {
    runDir: text('Folder of the run, for instance runs/latest, or its store', {
      required: true,
      names: 'a run',
    }),
  },
  flags: {
    force: toggle(
      'Continue although configuration, data or code changed; resumes.ndjson records it',
    ),
    failed: toggle('Also run failed trials again, from their newest checkpoints'),
    seeds: parsed('Add seeds: all that the run is to have, for instance 1..20', parseSeeds),
    queue: queueFlag,
    ...scheduleFlags,
    ...outputFlags,
  },
  run(values, context) {
    if (isRunStore(values.runDir, context.cwd)) return resumeStored(values, context);
    if (values.queue !== undefined) {
      throw new LockstepError(
        'usage',
        `--queue: expected the store of a run, got ${values.runDir}`,
      );
    }
    const schedule = scheduleOf(values);
    const request = { ...values, runFolder: resolve(context.cwd, values.runDir) };
    return finishRun(
      (startProgress, surroundings) => resumeRun(request, schedule, startProgress, surroundings),
      values,
      context,
    );
  },
});

/** Lists what is left for other machines to start. */
async function resumeStored(
  values: Output & {
    readonly runDir: string;
    readonly failed: boolean;
    readonly force: boolean;
    readonly seeds?: readonly number[] | undefined;
    readonly queue?: string | undefined;
  },
  context: CommandContext,
): Promise<ExitCode> {
  if (values.force || values.seeds !== undefined) {
    const flag = values.force ? '--force' : '--seeds';
    throw new LockstepError('usage', `${flag}: expected a run's folder with it, got a store`, {
      hint: 'A run in a store stays as it was frozen: make another with --store.',
    });
  }
  const { resumeStoredRun } = await import('../../app/stored-run.js');
  const request = { address: values.runDir, failed: values.failed, queue: values.queue };
  printDispatch(await resumeStoredRun(request, context), values, context);
  return 0;
}
