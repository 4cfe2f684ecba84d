import type { LogRecord } from '../../src/log/records.js';
import type { Manifest } from '../../src/run/manifest.js';
import { initialScreenState, reduceScreen } from '../../src/live/screen-state.js';
import type { ScreenState } from '../../src/live/screen-state.js';

export interface ScreenTrialPlan {
  readonly seed: number;
  readonly point?: Readonly<Record<string, unknown>>;
  /** Absent: it has not begun. */
  readonly records?: readonly LogRecord[];
}

/** What the full screen knows of a run of the tutorial's variants after all these records. */
export function screenState(
  trials: readonly ScreenTrialPlan[],
  labels: readonly [string, string] = ['ReLU', 'SNN'],
): ScreenState {
  const [relu, snn] = labels;
  const manifest = {
    config: {
      name: 'tutorial',
      variants: { relu: { label: relu }, snn: { label: snn } },
      baseline: 'relu',
      decision: { alpha: 0.05 },
    },
    trials: trials.map(({ seed, point = {} }, index) => ({ index, seed, point })),
  } as unknown as Manifest;
  return trials
    .flatMap(({ records = [] }) => records)
    .reduce(reduceScreen, initialScreenState(manifest, 'runs/latest'));
}
