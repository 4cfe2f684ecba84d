import { effectUnit, partsFormatter } from '../statistics/format-effect.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import { differenceP, effectNumbers, pText, verdictInterval } from './effect-text.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';
import { boundaryText } from './sequence-text.js';

/** Identifies a comparison among the report's others: the challenger, the sweep point or both. */
export function comparisonLabel(
  { point, labels }: ReportComparison,
  { points, variants }: Pick<ReportDocument, 'points' | 'variants'>,
): string {
  const where = points[point]?.label ?? '';
  if (points.length === 1) return labels.challenger;
  return variants.length > 2 ? `${labels.challenger}, ${where}` : where;
}

/**
 * All comparisons of a report, a row each.
 * @param brief without the variants' own values: for terminals
 */
export function comparisonTable(report: ReportDocument, brief = false): Table {
  const { comparisons, points, decision } = report;
  const unit = effectUnit(decision.metric);
  const isSequential = comparisons.some(({ sequential }) => sequential !== undefined);
  const own = [
    numberColumn<ReportComparison>(
      `Baseline ${unit.metric}${unit.values}`,
      (comparison) => partTexts(comparison)[0],
    ),
    numberColumn<ReportComparison>(
      `Challenger${unit.values}`,
      (comparison) => partTexts(comparison)[1],
    ),
  ];
  return tableOf(`Differences of ${unit.metric} by comparison`, comparisons, [
    textColumn(points.length > 1 ? 'Point' : 'Challenger', (comparison) =>
      comparisonLabel(comparison, report),
    ),
    ...(brief ? [] : own),
    numberColumn(`Difference${unit.differences}`, (comparison) =>
      brief ? effectNumbers(comparison).value : partTexts(comparison)[2],
    ),
    numberColumn('Interval', (comparison) => effectNumbers(comparison).range),
    numberColumn('Won/tied/lost', ({ wins, ties, losses }) => `${wins}/${ties}/${losses}`),
    numberColumn('Pairs', ({ pairs }) => `${pairs.completed} of ${pairs.planned}`),
    ...(isSequential
      ? [textColumn<ReportComparison>('Last look', lastLook)]
      : [
          numberColumn<ReportComparison>('p', (comparison) => pText(differenceP(comparison))),
          numberColumn<ReportComparison>('Holm p', ({ verdict }) => pText(verdict.pDifference)),
          numberColumn<ReportComparison>('More seeds', moreSeeds),
        ]),
    textColumn('Verdict', ({ verdict: { decision: outcome, provisional } }) => ({
      text: `${outcome}${provisional ? ' (provisional)' : ''}`,
      as: outcome,
    })),
  ]);
}

/** How far the last look is from its boundary. */
function lastLook({ sequential }: ReportComparison): string {
  const look = sequential?.looks.at(-1);
  return sequential === undefined || look === undefined
    ? '–'
    : boundaryText(look, sequential.alpha);
}

/** How many more would decide, about; a dash where it is decided or unknown. */
function moreSeeds({ verdict, pairsToDecide: { more } }: ReportComparison): string {
  return verdict.decision === 'inconclusive' && more ? `${more}` : '–';
}

/** Both means over the completed pairs and their difference, rounded so that they add up, in the metric's usual unit. */
export function partTexts(comparison: ReportComparison): readonly [string, string, string] {
  const { values, metric } = comparison;
  const { baseline, challenger, difference } = values;
  if (!difference.computable || !baseline.computable || !challenger.computable) {
    return ['–', '–', '–'];
  }
  const { factor } = effectUnit(metric);
  const parts = [
    baseline.mean * factor,
    challenger.mean * factor,
    difference.mean * factor,
  ] as const;
  const { low, high } = verdictInterval(comparison) ?? { low: 0, high: 0 };
  return partsFormatter(((high - low) / 2) * factor, [parts])(parts);
}
