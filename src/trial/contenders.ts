import type { LogRecord, VariantEndRecord } from '../log/records.js';
import type { RecordFields } from '../log/trial-log.js';
import type { Scores } from '../metrics/scores.js';
import { toMetric } from '../log/records.js';
import type { TrialPlan } from './plan.js';

type VariantEnd = Pick<VariantEndRecord, 'step' | 'variant' | 'reason'>;

/**
 * Which variants of a trial still train. One that diverges drops out and leaves the others' comparisons
 * alone; without the baseline, or without any challenger, nothing is left to compare.
 */
export interface Contenders {
  /** Names of those that have not diverged, in the order of the configuration. */
  readonly active: readonly string[];
  /** Those among them that have not stopped early either. */
  readonly training: readonly string[];
  readonly canCompare: boolean;
  /** Why variants dropped out, in one sentence; undefined while none has. */
  readonly reason: string | undefined;
  /** Ends the training of a variant that goes on being compared. */
  stop(variant: string): void;
  /** @returns the part of `byVariant` that belongs to variants that still train */
  keep<Value>(byVariant: Readonly<Record<string, Value>>): Record<string, Value>;
  /**
   * Ends the variants whose loss is NaN or infinite.
   * @param place what was measured: `` or ` on test`
   * @returns what to log of each
   */
  endDiverged(
    step: number,
    scored: Readonly<Record<string, { readonly scores: Scores }>>,
    place?: string,
  ): RecordFields[];
}

/** @param kept records from before a resume */
export function createContenders(
  { variants, config }: Pick<TrialPlan, 'variants' | 'config'>,
  kept: readonly LogRecord[],
): Contenders {
  const ended = new Map<string, VariantEnd>();
  const stopped = new Set<string>();
  for (const record of kept) {
    if (record.event === 'variant.end') ended.set(record.variant, record);
    if (record.event === 'variant.stop') stopped.add(record.variant);
  }
  const active = () => variants.map(({ name }) => name).filter((name) => !ended.has(name));
  return {
    get active() {
      return active();
    },
    get training() {
      return active().filter((name) => !stopped.has(name));
    },
    stop(variant) {
      stopped.add(variant);
    },
    get canCompare() {
      return !ended.has(config.baseline) && active().length > 1;
    },
    get reason() {
      return ended.size === 0
        ? undefined
        : [...ended.values()].map(({ reason }) => reason).join('; ');
    },
    keep: (byVariant) =>
      Object.fromEntries(Object.entries(byVariant).filter(([name]) => !ended.has(name))),
    endDiverged(step, scored, place = '') {
      return Object.entries(scored).flatMap(([variant, { scores }]) => {
        const loss = scores.loss ?? NaN;
        if (Number.isFinite(loss)) return [];
        const reason = `step ${step}: the loss of variant ${variant}${place} became ${toMetric(loss)}`;
        ended.set(variant, { step, variant, reason });
        return [{ event: 'variant.end', step, variant, outcome: 'diverged', reason }];
      });
    },
  };
}
