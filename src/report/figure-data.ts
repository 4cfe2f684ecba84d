import { fromMetric } from '../log/records.js';
import type { StepRecord, TrialStartRecord } from '../log/records.js';

/** A point of a curve; null where there is no finite positive loss, which breaks the line. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number | null;
}

/** One variant's training loss in one trial. */
export interface LossCurve {
  readonly seed: number;
  readonly points: readonly LossPoint[];
}

/** A variant: one curve a seed, and where there are several seeds their mean. */
export interface LossSeries {
  readonly variant: string;
  /** What the legend calls it. */
  readonly legend: string;
  readonly curves: readonly LossCurve[];
  /** Arithmetic mean, at the steps where every curve has a loss; empty for a single curve. */
  readonly mean: readonly LossPoint[];
}

export interface LossFigure {
  readonly series: readonly LossSeries[];
  /** Planned steps of the longest trial. */
  readonly steps: number;
}

/** The training losses of one trial. */
export interface TrialLosses {
  readonly seed: number;
  /** Planned. */
  readonly steps: number;
  /** By variant. */
  readonly variants: Readonly<Record<string, { legend: string; points: readonly LossPoint[] }>>;
}

/** The finite positive training losses after a step, by variant; null where there is none. */
export interface StepLosses {
  readonly step: number;
  readonly losses: Readonly<Record<string, number | null>>;
}

/** What a figure shows of a trial: a small part of its log. */
export function trialLosses(start: TrialStartRecord, steps: readonly StepLosses[]): TrialLosses {
  const variants = Object.entries(start.variants).map(([name, { label, legend }]) => {
    const points = steps.map(({ step, losses }) => ({ step, loss: losses[name] ?? null }));
    return [name, { legend: legend ?? `Loss ${label}`, points }] as const;
  });
  return { seed: start.seed, steps: start.steps, variants: Object.fromEntries(variants) };
}

/** What a figure shows of a step. */
export function stepLosses({ step, variants }: StepRecord): StepLosses {
  const losses = Object.entries(variants).map(([name, { scores }]) => {
    const loss = fromMetric(scores.loss ?? 'NaN');
    return [name, Number.isFinite(loss) && loss > 0 ? loss : null] as const;
  });
  return { step, losses: Object.fromEntries(losses) };
}

/**
 * Collects the training losses of the trials of one configuration, which may differ in how far they
 * came. A trial without a step has no curve.
 */
export function lossFigure(trials: readonly TrialLosses[]): LossFigure {
  const legends = new Map<string, string>();
  for (const { variants } of trials) {
    for (const [name, { legend }] of Object.entries(variants)) legends.set(name, legend);
  }
  return {
    steps: Math.max(0, ...trials.map(({ steps }) => steps)),
    series: [...legends].map(([variant, legend]) => {
      const curves = trials
        .map(({ seed, variants }) => ({ seed, points: variants[variant]?.points ?? [] }))
        .filter(({ points }) => points.length > 0);
      return { variant, legend, curves, mean: curves.length > 1 ? meanOf(curves) : [] };
    }),
  };
}

function meanOf(curves: readonly LossCurve[]): LossPoint[] {
  const sums = new Map<number, { count: number; sum: number }>();
  for (const { points } of curves) {
    for (const { step, loss } of points) {
      if (loss === null) continue;
      const before = sums.get(step) ?? { count: 0, sum: 0 };
      sums.set(step, { count: before.count + 1, sum: before.sum + loss });
    }
  }
  return [...sums]
    .filter(([, { count }]) => count === curves.length)
    .map(([step, { count, sum }]) => ({ step, loss: sum / count }))
    .sort((a, b) => a.step - b.step);
}
