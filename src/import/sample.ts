import { LockstepError } from '../protocol/index.js';

/** One number of one variant with one seed, as its source has it. */
export interface Sample {
  /** Where it stands: `results.csv:7, column val_acc`. */
  readonly place: string;
  readonly variant: string;
  readonly seed: number;
  /** What sets the sweep point apart, by name; empty outside sweeps. */
  readonly point: Readonly<Record<string, unknown>>;
  /** Absent where the source has results only. */
  readonly step?: number | undefined;
  /** By its name in the source. */
  readonly metric: string;
  /** May be NaN or infinite where the source spells it out. */
  readonly value: number;
}

/** A cell without a number. */
export interface Gap extends Omit<Sample, 'value' | 'step'> {
  /** Why, as far as the source tells: `its state is FAIL`. */
  readonly because?: string | undefined;
}

/** All that a source says of the wanted metrics. */
export interface Samples {
  readonly samples: readonly Sample[];
  readonly gaps: readonly Gap[];
}

/** A run that should have a value of every metric. */
export type SampledRun = Pick<Sample, 'place' | 'variant' | 'seed' | 'point'>;

/** A gap for every metric of which a run has no value at all, where a program writes values as it likes. */
export function gapsOf(
  runs: readonly SampledRun[],
  metrics: readonly string[],
  samples: readonly Sample[],
): Gap[] {
  const keyOf = (run: Omit<SampledRun, 'place'>, metric: string) =>
    JSON.stringify([run.variant, run.seed, run.point, metric]);
  const known = new Set(samples.map((sample) => keyOf(sample, sample.metric)));
  return runs.flatMap((run) =>
    metrics.flatMap((metric) => (known.has(keyOf(run, metric)) ? [] : [{ ...run, metric }])),
  );
}

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const special: Readonly<Record<string, number>> = {
  nan: NaN,
  inf: Infinity,
  infinity: Infinity,
  '+inf': Infinity,
  '+infinity': Infinity,
  '-inf': -Infinity,
  '-infinity': -Infinity,
};

/** @returns undefined for an empty cell @throws LockstepError `data` for a text that is no number */
export function readNumber(text: string, place: string): number | undefined {
  if (text === '') return undefined;
  if (number.test(text)) return Number(text);
  const value = special[text.toLowerCase()];
  if (value !== undefined) return value;
  throw new LockstepError('data', `${place}: expected a number, got ${text}`, {
    hint: 'Numbers are written with a point, without thousands separators, signs of percent or units.',
  });
}

/** @throws LockstepError `data` for what is no whole number; `what` says what it would be */
export function readWhole(text: string, place: string, what: string): number {
  // pandas writes whole numbers of a column with gaps as 1.0.
  const value = /^-?\d{1,15}(\.0+)?$/.test(text) ? Number(text) : undefined;
  if (value !== undefined) return value;
  throw new LockstepError(
    'data',
    `${place}: expected ${what}, a whole number, got ${text === '' ? 'nothing' : text}`,
  );
}
