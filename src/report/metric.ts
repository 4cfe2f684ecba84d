import { fromMetric } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import type { Direction } from '../statistics/verdict.js';
import { metricKind, minibatchMetrics } from '../metrics/registry.js';
import { evaluatedQuantities, evaluationsOf } from '../run/evaluations.js';
import type { Manifest } from '../run/manifest.js';
import type { ScoreHistory } from '../run/measurements.js';
import type { Metric as Spelled } from '../log/records.js';

/** What a comparison is about: a score on a split, or on the last step's minibatch. */
export interface ReportMetric {
  /** For instance `test.accuracy` or `minibatch.loss`. */
  readonly name: string;
  readonly place: string;
  readonly score: string;
  readonly direction: Direction;
}

/** The metrics that some point of a run measures. */
export function metricNames(manifest: Planned): string[] {
  const evaluations = evaluationsOf(manifest);
  const onMinibatch = evaluations
    .filter(({ minibatch }) => minibatch)
    .flatMap(minibatchMetrics)
    .map((score) => `minibatch.${score}`);
  return [...evaluatedQuantities(evaluations), ...new Set(onMinibatch)];
}

type Planned = Pick<Manifest, 'config' | 'trials'>;

/** @throws LockstepError `usage` for a metric that no point of the run measures */
export function metricNamed(name: string, manifest: Planned): ReportMetric {
  const known = metricNames(manifest);
  if (!known.includes(name)) {
    throw new LockstepError('usage', `--metric: expected ${known.join(', ')}, got ${name}`, {
      hint: 'A metric can be reported only if the run measured it.',
    });
  }
  const [place, score] = name.split('.') as [string, string];
  return { name, place, score, direction: metricKind(score).better };
}

/** The last value measured; null where there is none, or none that is finite. */
export function metricValue(
  history: ScoreHistory<Spelled> | undefined,
  { place, score }: Pick<ReportMetric, 'place' | 'score'>,
): number | null {
  const measured =
    place === 'minibatch'
      ? history?.final
      : history?.evaluations.findLast(({ split }) => split === place);
  const value = fromMetric(measured?.scores[score] ?? 'NaN');
  return Number.isFinite(value) ? value : null;
}

/**
 * The variants of a trial whose values count: those that trained to its end. A trial stops early where the
 * baseline, or every challenger, has diverged.
 * @param variants of a trial that completed or diverged
 */
export function finishedVariants(
  variants: Readonly<Record<string, { readonly diverged?: unknown }>>,
  baseline: string,
): string[] {
  const names = Object.keys(variants);
  const lost = (name: string) => variants[name]?.diverged !== undefined;
  const challengers = names.filter((name) => name !== baseline);
  const stopped = lost(baseline) || (challengers.length > 0 && challengers.every(lost));
  return stopped ? [] : names.filter((name) => !lost(name));
}

/** Whether a decision is another than the one that was fixed before any result was known. */
export function isExploratory(
  { config, extensions = [] }: Manifest,
  { name }: ReportMetric,
): boolean {
  return name !== config.decision.metric || extensions.some(({ hadResults }) => hadResults);
}
