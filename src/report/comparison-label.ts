import type { ReportComparison, ReportDocument } from './report-schema.js';

/** What tells a comparison from the report's others: the challenger, the sweep point or both. */
export function comparisonLabel(
  { point, labels }: ReportComparison,
  { points, variants }: Pick<ReportDocument, 'points' | 'variants'>,
): string {
  const where = points[point]?.label ?? '';
  if (points.length === 1) return labels.challenger;
  return variants.length > 2 ? `${labels.challenger}, ${where}` : where;
}
