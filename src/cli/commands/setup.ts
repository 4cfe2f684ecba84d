import type { CommandModule } from 'yargs';
import { setUp } from '../../setup/setup.js';
import { createSetupReporter } from '../setup-progress.js';

interface SetupArguments {
  readonly gpu: boolean;
  readonly from: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
}

export const setupCommand: CommandModule<object, SetupArguments> = {
  command: 'setup',
  describe: 'Make the native engine available: fetch TensorFlow, build the binding, prove it',
  builder: (yargs) =>
    yargs
      .option('gpu', {
        type: 'boolean',
        default: false,
        describe: 'Fetch TensorFlow with CUDA (Linux on x86-64, an NVIDIA GPU)',
      })
      .option('from', {
        type: 'string',
        describe: 'pypi, official (the prebuilt of tfjs-node), or a folder with the wheel',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Forget what is cached and begin anew',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the result as JSON' }),
  handler: async ({ gpu, from, force, json }) => {
    const reporter = createSetupReporter(process.stderr);
    const result = await setUp({ gpu, from, force, report: reporter.report }).finally(() => {
      reporter.end();
    });
    if (json) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
      return;
    }
    const { stamp, proof } = result;
    const device = proof.gpu ? 'GPU' : 'CPU';
    process.stdout.write(
      `The engine tensorflow ${stamp.tensorflow} (${device}) works: two threads took ${proof.steps} training steps each.\n` +
        '`--engine auto` now chooses it.\n',
    );
  },
};
