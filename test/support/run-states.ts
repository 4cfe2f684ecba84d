import { initialRunState, reduceRun } from '../../src/live/state.js';
import type { RunState } from '../../src/live/state.js';
import type { LogRecord } from '../../src/log/records.js';
import type { Manifest } from '../../src/run/manifest.js';

export interface TrialPlan {
  readonly seed: number;
  readonly point?: Readonly<Record<string, unknown>>;
  /** Absent: it has not begun. */
  readonly records?: readonly LogRecord[];
}

/** What of a manifest the state of a run is made from. */
export function watchedManifest(
  trials: readonly TrialPlan[],
  labels: Readonly<Record<string, string>> = { relu: 'ReLU', snn: 'SNN' },
): Manifest {
  const variants = Object.entries(labels).map(([name, label]) => [name, { label }] as const);
  return {
    config: {
      name: 'tutorial',
      variants: Object.fromEntries(variants),
      baseline: Object.keys(labels)[0],
      decision: { alpha: 0.05 },
      evaluation: { metrics: ['accuracy'] },
      seeds: [...new Set(trials.map(({ seed }) => seed))],
    },
    trials: trials.map(({ seed, point = {} }, index) => ({ index, seed, point })),
  } as unknown as Manifest;
}

/** What is known of a run of the tutorial's variants after all these records. */
export function runState(
  trials: readonly TrialPlan[],
  labels?: Readonly<Record<string, string>>,
): RunState {
  return trials
    .flatMap(({ records = [] }) => records)
    .reduce(reduceRun, initialRunState(watchedManifest(trials, labels), 'runs/latest'));
}
