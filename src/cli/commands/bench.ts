import { bench as measure } from '../../bench/bench.js';
import { chooseEngine } from '../../engines/choose.js';
import { jsonText } from '../../files/write-atomic.js';
import { defineCommand } from '../command.js';
import { oneOf, parsed, text, wholeNumber } from '../flags.js';
import { engineRequests, json } from '../options.js';
import { renderBench } from '../render-bench.js';

export const bench = defineCommand({
  name: 'bench',
  describe: 'Measure what a paired step costs on this machine, and where the time goes',
  positionals: {
    config: text('A YAML file, or the name of a shipped configuration', {
      default: 'tutorial',
      names: 'a configuration',
    }),
  },
  flags: {
    engine: oneOf('Engine to measure', engineRequests, { default: 'auto' }),
    rounds: parsed('Rounds to take medians of', wholeNumber(1), { default: '5' }),
    steps: parsed('Steps of a round', wholeNumber(1), { default: '45' }),
    json,
  },
  async run({ config, engine, rounds, steps, json: asJson }, { stdout, stderr, cwd, stop }) {
    const choice = chooseEngine(engine);
    stderr.write(`engine ${choice.reason}\n`);
    const result = await measure({
      engine: choice.name,
      ...{ config, cwd, rounds, steps, signal: stop },
      onRound: (round) => {
        stderr.write(`round ${round} of ${rounds}\n`);
      },
    });
    stdout.write(asJson ? jsonText(result) : renderBench(result));
    return 0;
  },
});
