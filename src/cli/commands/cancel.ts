import { cancelStoredRun } from '../../app/stored-run.js';
import { defineCommand } from '../command.js';
import { storedRun } from '../options.js';

export const cancel = defineCommand({
  name: 'cancel',
  describe: 'Stop a run of a store on all machines: its trials save a checkpoint and end',
  positionals: { store: storedRun },
  flags: {},
  async run({ store: address }, context) {
    const store = await cancelStoredRun(address, context);
    context.stderr.write(
      `Cancelled: trials end at their next look at the store. Go on with: lockstep resume ${store}\n`,
    );
    return 0;
  },
});
