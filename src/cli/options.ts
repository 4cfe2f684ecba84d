import type { Schedule } from '../app/execute-run.js';
import { parseOverride } from '../config/overrides.js';
import { parseSeeds } from '../config/schema/seeds.js';
import { deviceRequests, engineNames, LockstepError } from '../protocol/index.js';
import { defaultExecutor, executorKinds } from '../schedule/executors/index.js';
import type { CreateExecutor } from '../schedule/executors/executor.js';
import { camelCase, oneOf, parsed, text, texts, toggle, wholeNumber } from './flags.js';
import type { Flag, Values } from './flags.js';

/** A link to the newest run in `runs`. */
export const newestRun = 'runs/latest';

/** The folder of a run. */
export const runDir = text('Folder of the run', { default: newestRun, names: 'a run' });

/** A run in a store. */
export const storedRun = text('Store of the run: a folder or s3://bucket/prefix', {
  required: true,
});

export const json = toggle('Print one JSON document on standard output');

export const engineRequests = ['auto', ...engineNames] as const;

/** How a command that trains shows itself. */
export const outputFlags = {
  format: oneOf(
    "What to show while training: Lockstep's own view or the lines of the 2017 tutorial",
    ['modern', 'tutorial'],
    { default: 'modern' },
  ),
  json,
  quiet: toggle('Print errors only'),
};

export type Output = Values<typeof outputFlags>;

/** How trials are scheduled; shared by all commands that train. */
export const scheduleFlags = {
  jobs: parsed(
    'How many trials to run at the same time, each in its own process; or auto',
    (value, name) => (value === 'auto' ? 'auto' : wholeNumber(1, 9999, ', or auto')(value, name)),
    { default: '1' },
  ),
  retries: parsed(
    'How often to start a trial again that lost its process, engine or worker',
    wholeNumber(0),
    { default: '1' },
  ),
  'stall-timeout': parsed(
    'Start a trial again that logs nothing for this long: 90s, 30m, 2h; 0: never',
    duration,
    { default: '30m' },
  ),
  'fail-fast': toggle('Stop the other trials when one fails'),
  ...executorFlags(),
};

/** Where trials of a run in a store are put for workers. */
export const queueFlag = text(
  'With a store: also put the trials into this queue, redis://host:port or rediss:// with TLS',
);

/** How a process takes part in trials of runs in a store. */
export const storeTrialFlags = {
  data: texts(
    'Folder with the dataset, if it is not where the run had it; of several datasets RECORDED=FOLDER, once for each that moved',
  ),
  scratch: text('Folder of this machine to train in (default: the system’s for temporary files)'),
  'upload-every': parsed('How often to put new records and checkpoints into the store', period, {
    default: '10s',
  }),
  'stall-timeout': scheduleFlags['stall-timeout'],
};

/** The store of a run. */
export const storePosition = text(
  'Store of the run, a folder or s3://bucket/prefix, as `lockstep sweep --store` printed it',
  { required: true },
);

/** Where an engine's trials find their data and their place to work, told to `lockstep trial`. */
export const trialPlaceFlags = { data: storeTrialFlags.data, scratch: storeTrialFlags.scratch };

/** What was given of {@link trialPlaceFlags}, as arguments of `lockstep trial`. */
export function trialArguments({ data, scratch }: Values<typeof trialPlaceFlags>): string[] {
  const folders = data.flatMap((folder) => ['--data', folder]);
  return scratch === undefined ? folders : [...folders, '--scratch', scratch];
}

/** One for every way to run trials but the usual one. */
function executorFlags(): Readonly<Record<string, Flag<CreateExecutor | undefined>>> {
  return Object.fromEntries(
    Object.entries(executorKinds).map(([name, { describe, parse }]) => [
      name,
      parsed(describe, parse),
    ]),
  );
}

/** @throws LockstepError `usage` where several ways to run trials are chosen */
export function scheduleOf(values: Values<typeof scheduleFlags>): Schedule {
  const chosen = Object.keys(executorKinds).flatMap((name) => {
    const create = (values as Readonly<Record<string, unknown>>)[camelCase(name)];
    return create === undefined ? [] : [{ name, create: create as CreateExecutor }];
  });
  if (chosen.length > 1) {
    const flags = chosen.map(({ name }) => `--${name}`).join(' and ');
    throw new LockstepError('usage', `expected one way to run trials, got ${flags}`);
  }
  return { ...values, createExecutor: chosen[0]?.create ?? defaultExecutor };
}

/** The flags of the commands that make runs. */
export const trainingFlags = {
  set: overrides('Override a key: path=value; may be repeated'),
  seeds: { ...text('Seeds: 1..10, 7 or 1,2,5'), read: readSeeds },
  engine: oneOf(
    'What computes: native TensorFlow where it is set up, or the embedded engine',
    engineRequests,
    { default: 'auto' },
  ),
  device: oneOf(
    'Where to compute: on a GPU where there is one (auto), on the CPU, or only on a GPU',
    deviceRequests,
    { default: 'auto' },
  ),
  out: text('Folder to make runs in', { default: 'runs' }),
  store: text(
    'Prepare the run in this store, a folder or s3://bucket/prefix, for other machines to train',
  ),
  'send-data': toggle('With --store: also put the datasets there'),
  queue: queueFlag,
  ...scheduleFlags,
  trace: toggle('Also write trace.ndjson: the training examples of every step'),
  'dry-run': toggle('Check everything, list the trials and stop'),
  'print-config': toggle('Print the resolved configuration and stop'),
  ...outputFlags,
};

/** Checked here, and read again with the configuration, which says where they came from. */
function readSeeds([seeds]: readonly string[], name: string): string | undefined {
  if (seeds !== undefined) parseSeeds(seeds, name);
  return seeds;
}

function overrides(describe: string): Flag<readonly string[]> {
  return {
    ...texts(describe),
    read(all) {
      for (const override of all) parseOverride(override);
      return all;
    },
  };
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** @returns milliseconds, more than 0 */
export function period(value: string, name: string): number {
  const milliseconds = duration(value, name);
  if (milliseconds > 0) return milliseconds;
  throw new LockstepError('usage', `${name}: expected a duration such as 10s or 1m, got ${value}`);
}

/** @returns milliseconds */
function duration(value: string, name: string): number {
  if (value === '0') return 0;
  const [, amount, unit] = /^(\d{1,4})(ms|[smh])$/.exec(value) ?? [];
  const milliseconds = Number(amount) * units[unit as keyof typeof units];
  // Timers take no longer delays than 24.8 days.
  if (milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds;
  throw new LockstepError(
    'usage',
    `${name}: expected a duration such as 90s, 30m or 2h, or 0 for none, got ${value}`,
  );
}
