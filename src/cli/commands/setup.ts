import type { CommandModule } from 'yargs';
import { setUp } from '../../setup/setup.js';
import type { CommandContext, ExitCode } from '../context.js';
import { createSetupReporter } from '../setup-progress.js';

interface SetupArguments {
  readonly gpu: boolean;
  readonly from: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
}

/** `lockstep setup`: makes the native engine available, and proves it. */
export function setupCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, SetupArguments> {
  return {
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
          requiresArg: true,
          describe: 'pypi, official (the prebuilt of tfjs-node), or a folder with the wheel',
        })
        .option('force', {
          type: 'boolean',
          default: false,
          describe: 'Forget what is cached and begin anew',
        })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'Print one JSON document on standard output',
        }),
    handler: async ({ gpu, from, force, json }) => {
      const reporter = createSetupReporter(context.stderr);
      const options = { gpu, from, force, report: reporter.report, signal: context.stop };
      const { stamp, proof } = await setUp(options).finally(() => {
        reporter.end();
      });
      const device = proof.gpu ? 'GPU' : 'CPU';
      context.stdout.write(
        json
          ? `${JSON.stringify({ ...stamp, proof }, null, 2)}\n`
          : `The engine tensorflow ${stamp.tensorflow} (${device}) works: two threads took ${proof.steps} training steps each.\n` +
              '`--engine auto` now chooses it.\n',
      );
      exit(0);
    },
  };
}
