import { jsonText } from '../../files/write-atomic.js';
import { setUp } from '../../setup/setup.js';
import { defineCommand } from '../command.js';
import { text, toggle } from '../flags.js';
import { json } from '../options.js';
import { createSetupReporter } from '../setup-progress.js';

export const setup = defineCommand({
  name: 'setup',
  describe: 'Make the native engine available: fetch TensorFlow, build the binding, prove it',
  positionals: {},
  flags: {
    gpu: toggle('Fetch TensorFlow with CUDA (Linux on x86-64, an NVIDIA GPU)'),
    from: text('pypi, official (the prebuilt of tfjs-node), or a folder with the wheel'),
    force: toggle('Discard what is cached and start over'),
    json,
  },
  async run({ gpu, from, force, json: asJson }, { stdout, stderr, stop: signal }) {
    const reporter = createSetupReporter(stderr);
    const options = { gpu, from, force, report: reporter.report, signal };
    const { stamp, proof } = await setUp(options).finally(() => {
      reporter.end();
    });
    const device = proof.gpu ? 'GPU' : 'CPU';
    stdout.write(
      asJson
        ? jsonText({ ...stamp, proof })
        : `The engine tensorflow ${stamp.tensorflow} (${device}) works: two threads took ${proof.steps} training steps each.\n` +
            '`--engine auto` now chooses it.\n',
    );
    return 0;
  },
});
