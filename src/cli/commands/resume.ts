import { resolve } from 'node:path';
import { resumeRun } from '../../app/resume-run.js';
import { parseSeeds } from '../../config/schema/seeds.js';
import { defineCommand } from '../command.js';
import { finishRun } from '../finish-run.js';
import { parsed, text, toggle } from '../flags.js';
import { outputFlags, scheduleFlags, scheduleOf } from '../options.js';

export const resume = defineCommand({
  name: 'resume',
  describe: 'Continue a run that was interrupted, from its checkpoints, or add seeds to one',
  positionals: {
    runDir: text('Folder of the run, for instance runs/latest', { required: true, names: 'a run' }),
  },
  flags: {
    force: toggle(
      'Continue although configuration, data or code changed; resumes.ndjson records it',
    ),
    failed: toggle('Also run failed trials again, from their newest checkpoints'),
    seeds: parsed('Add seeds: all that the run is to have, for instance 1..20', parseSeeds),
    ...scheduleFlags,
    ...outputFlags,
  },
  run(values, context) {
    const schedule = scheduleOf(values);
    const request = { ...values, runFolder: resolve(context.cwd, values.runDir) };
    return finishRun(
      (startProgress, surroundings) => resumeRun(request, schedule, startProgress, surroundings),
      values,
      context,
    );
  },
});
