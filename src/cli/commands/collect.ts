import { collectRun } from '../../app/collect-run.js';
import type { CollectedRun } from '../../app/collect-run.js';
import { count } from '../../text/numbers.js';
import { defineCommand } from '../command.js';
import { finishRun } from '../finish-run.js';
import { parsed, text, toggle } from '../flags.js';
import { outputFlags, period, storedRun } from '../options.js';

export const collect = defineCommand({
  name: 'collect',
  describe: 'Mirror a run of a store into an ordinary run folder, and print what it found',
  positionals: { store: storedRun },
  flags: {
    follow: toggle('Go on until every trial has its result, and show the training meanwhile'),
    every: parsed('With --follow: how often to look at the store', period, { default: '10s' }),
    out: text('Folder to make the run in', { default: 'runs' }),
    ...outputFlags,
  },
  async run({ store: address, ...values }, context) {
    let collected: CollectedRun | undefined;
    const code = await finishRun(
      async (startProgress, surroundings) => {
        collected = await collectRun({ address, ...values }, startProgress, surroundings);
        return collected;
      },
      values,
      context,
    );
    const { open = 0, manifest } = collected ?? {};
    if (open > 0 && !values.quiet) {
      context.stderr.write(
        `${count(open, 'trial')} of ${manifest?.trials.length ?? 0} without a result yet: lockstep list ${address}\n`,
      );
    }
    return code;
  },
});
