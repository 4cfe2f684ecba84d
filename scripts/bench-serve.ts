/**
 * What looking at runs in a browser costs: `npm run bench:serve`.
 *
 *     --only NAME     follow, training, list or open; again for more (default: all)
 *     --followers N   pages that follow the run (default 50)
 *     --rate N        records a second of each of the 16 trials (default 20)
 *     --seconds N     of writing (default 15)
 *     --rounds N      of training (default 5)
 *     --runs N        in the list, of 10 trials each (default 1000)
 *     --trials N      of the run that is opened, of 1,000 steps each (default 500)
 *     --json          one JSON document
 */
import { parseArgs } from 'node:util';
import { wholeFlag } from './flags.js';
import { makeMeasurements } from './measurements.js';
import { measureList, measureOpening } from './serve/folders.js';
import { measureFollowers, measureTraining } from './serve/followers.js';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    followers: { type: 'string', default: '50' },
    rate: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '1000' },
    trials: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});
const followers = wholeFlag('--followers', flags.followers);

const measurements: Record<string, () => Promise<object>> = {
  follow() {
    const [rate, seconds] = [
      wholeFlag('--rate', flags.rate),
      wholeFlag('--seconds', flags.seconds),
    ];
    return measureFollowers({ followers, trials: 16, rate, seconds });
  },
  training() {
    const rounds = wholeFlag('--rounds', flags.rounds);
    return measureTraining(followers, { rounds, steps: 300, config: 'mlp' });
  },
  list: () => measureList({ runs: wholeFlag('--runs', flags.runs), trials: 10 }),
  open: () => measureOpening({ trials: wholeFlag('--trials', flags.trials), steps: 1000 }),
};

await makeMeasurements(measurements, flags);
