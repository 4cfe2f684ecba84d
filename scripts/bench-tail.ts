/**
 * What following logs costs: `npm run bench:tail`.
 *
 *     --only NAME   latency, existing, memory or training; again for more (default: all)
 *     --rounds N    of reading what is there and of training (default 5)
 *     --seconds N   of writing (default 10)
 *     --rate N      records a second of each of the 16 trials (default 20)
 *     --steps N     of a training run (default 200: of fewer, a tail's own start is a large part)
 *     --engine E    that trains (default tensorflow)
 *     --json        one JSON document
 */
import { parseArgs } from 'node:util';
import { median } from '../src/statistics/moments.js';
import { measureExisting } from './tail/existing.js';
import { measureIdle, measureLatency } from './tail/latency.js';
import { measureTraining } from './tail/training.js';
import { wholeFlag } from './flags.js';
import { makeMeasurements } from './measurements.js';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '20' },
    steps: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'tensorflow' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = wholeFlag('--rounds', flags.rounds);

const measurements: Record<string, () => Promise<object>> = {
  async latency() {
    const seconds = wholeFlag('--seconds', flags.seconds);
    const measured = await measureLatency({
      trials: 16,
      rate: wholeFlag('--rate', flags.rate),
      seconds,
    });
    return { ...measured, idleCpuPercent: await measureIdle(seconds) };
  },
  async existing() {
    const { shown } = await measureExisting({ steps: 100_000 }, rounds);
    return {
      shownRecords: shown[0]!.records,
      medianMs: median(shown.map(({ ms }) => ms)),
      medianCpuMs: median(shown.map(({ cpuMs }) => cpuMs)),
    };
  },
  async memory() {
    const peaks: Record<string, number> = {};
    for (const [size, bytes] of Object.entries({ '50MB': 50e6, '1GB': 1e9, '3GB': 3e9 })) {
      const { shown } = await measureExisting({ bytes }, 1);
      peaks[`peakMiBAt${size}`] = shown[0]!.peakMiB;
      peaks[`secondsFor${size}`] = shown[0]!.ms / 1000;
    }
    return peaks;
  },
  training: () =>
    measureTraining({
      rounds,
      steps: wholeFlag('--steps', flags.steps),
      tails: 3,
      engine: flags.engine,
    }),
};

await makeMeasurements(measurements, flags);
