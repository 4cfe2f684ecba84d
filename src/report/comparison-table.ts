import { effectUnit, formatterFor } from '../statistics/format-effect.js';
import { comparisonLabel } from './comparison-label.js';
import { differenceP, effectNumbers, pText } from './effect-text.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns, from 0, that hold words; the first always does. */
  readonly words: readonly number[];
}

/** All comparisons of a report, a row each; the last column is the verdict. Plain text. */
export function comparisonTable(report: ReportDocument): TextTable {
  const { comparisons, points, decision } = report;
  const unit = effectUnit(decision.metric);
  return {
    head: [
      points.length > 1 ? 'Point' : 'Challenger',
      `Baseline ${unit.metric}${unit.factor === 100 ? ' %' : ''}`,
      `Challenger${unit.factor === 100 ? ' %' : ''}`,
      `Difference${unit.factor === 100 ? ', points' : ''}`,
      'Interval',
      'Won/tied/lost',
      'Pairs',
      'p',
      'Holm p',
      'More seeds',
      'Verdict',
    ],
    words: [10],
    rows: comparisons.map((comparison) => {
      const { pairs, verdict } = comparison;
      const { value, range } = effectNumbers(comparison);
      return [
        comparisonLabel(comparison, report),
        meanText(comparison, 'baseline'),
        meanText(comparison, 'challenger'),
        value,
        range,
        `${comparison.wins}/${comparison.ties}/${comparison.losses}`,
        `${pairs.completed} of ${pairs.planned}`,
        pText(differenceP(comparison)),
        pText(verdict.pDifference),
        moreSeeds(comparison),
        `${verdict.decision}${verdict.provisional ? ' (provisional)' : ''}`,
      ];
    }),
  };
}

/** How many more would decide, about; a dash where it is decided or unknown. */
function moreSeeds({ verdict, pairsToDecide: { more } }: ReportComparison): string {
  return verdict.decision === 'inconclusive' && more ? `${more}` : '–';
}

/** A variant's mean over the completed pairs, as the metric is spoken of. */
export function meanText(
  { values, metric }: ReportComparison,
  side: 'baseline' | 'challenger',
): string {
  const summary = values[side];
  if (!summary.computable) return '–';
  const { factor } = effectUnit(metric);
  const mean = summary.mean * factor;
  return formatterFor((summary.sd ?? 0) * factor, [mean])(mean);
}
