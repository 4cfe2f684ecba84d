import { work } from '../../app/work.js';
import { cleanLines } from '../../text/text.js';
import { defineCommand } from '../command.js';
import { parsed, text, wholeNumber } from '../flags.js';
import { scheduleFlags, storeTrialFlags } from '../options.js';

export const worker = defineCommand({
  name: 'worker',
  describe: 'Train the trials of a queue on this machine until SIGTERM, which drains it',
  positionals: {},
  flags: {
    queue: text('Queue to take trials from: redis://host:port, or rediss:// with TLS', {
      required: true,
    }),
    store: text('Store that the runs are in: trials of others are refused', { required: true }),
    jobs: scheduleFlags.jobs,
    retries: parsed(
      'How many times more to start a trial whose attempts all begin at the same step',
      wholeNumber(0),
      { default: '3' },
    ),
    ...storeTrialFlags,
  },
  async run(values, context) {
    const note = (line: string) => {
      context.stderr.write(cleanLines(`lockstep: ${line}\n`));
    };
    await work(values, note, context);
    note('drained');
    return 0;
  },
});
