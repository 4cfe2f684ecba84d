import type { LogRecord, Metric, Outcome } from '../log/records.js';
import { LockstepError } from '../protocol/index.js';
import { challengersOf, scoreDifferences, spellScores, variantScores } from './measurements.js';
import type { ScoreHistory } from './measurements.js';
import { trialHistory } from './trial-history.js';
import type { TrialHistory } from './trial-history.js';

export const resultSchemaVersion = 2;

/** `result.json`: what a trial found, the same to the byte however often it is run or resumed. */
export interface TrialResult {
  readonly schemaVersion: typeof resultSchemaVersion;
  readonly trial: number;
  readonly seed: number;
  /** The sweep point: the keys it overrides and their values. Absent outside sweeps. */
  readonly point?: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** The last step trained; 0 when there was none. */
  readonly steps: number;
  readonly baseline: string;
  readonly variants: Readonly<Record<string, VariantResult>>;
  /** Challenger - baseline, by challenger. */
  readonly delta: Readonly<Record<string, ScoreHistory<Metric>>>;
}

export interface VariantResult extends ScoreHistory<Metric> {
  readonly label: string;
  /** Number of trainable parameters. */
  readonly parameters: number;
  /** Where it dropped out, if it did. */
  readonly diverged?: { readonly step: number; readonly reason: string };
}

export interface TrialResultOptions {
  /** The trial's point in a sweep. */
  readonly point?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Draws a trial's result from its log. Nothing in it depends on when, where or how fast the trial
 * ran, nor on interruptions.
 * @throws LockstepError `data` when the log lacks its trial.start or trial.end
 */
export function trialResult(
  records: Iterable<LogRecord>,
  { point }: TrialResultOptions = {},
): TrialResult {
  const history = trialHistory(records);
  const { start, steps, end } = history;
  if (!end) {
    throw new LockstepError('data', 'Expected a trial.end record in the log, got none', {
      hint: 'The trial did not end; resume its run.',
    });
  }
  const variants = Object.entries(start.variants).map(
    ([name, { label, parameters }]) =>
      [
        name,
        {
          label,
          parameters,
          ...divergence(history, name),
          ...spellScores(variantScores(history, name)),
        },
      ] as const,
  );
  const delta = challengersOf(history).map(
    (name) => [name, spellScores(scoreDifferences(history, name))] as const,
  );
  return {
    schemaVersion: resultSchemaVersion,
    trial: start.trial,
    seed: start.seed,
    ...(point && { point }),
    outcome: end.outcome,
    ...(end.reason !== undefined && { reason: end.reason }),
    steps: steps.at(-1)?.step ?? 0,
    baseline: start.baseline,
    variants: Object.fromEntries(variants),
    delta: Object.fromEntries(delta),
  };
}

function divergence({ variantEnds }: TrialHistory, variant: string) {
  const end = variantEnds.find((record) => record.variant === variant);
  return end && { diverged: { step: end.step, reason: end.reason } };
}
