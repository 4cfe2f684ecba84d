import { count, formatCount } from '../text/numbers.js';
import type { ReportDocument } from './report-schema.js';

/** `50 steps of 128 examples`, or `20 to 60 steps of 128 examples` where points differ; steps alone where they are all that is known. */
export function extentText({ points }: Pick<ReportDocument, 'points'>): string {
  const steps = rangeText(
    points.map((point) => point.steps),
    'step',
  );
  const sizes = points.flatMap(({ batchSize }) => batchSize ?? []);
  return sizes.length === 0 ? steps : `${steps} of ${rangeText(sizes, 'example')}`;
}

/** What computed, and {@link extentText}; of an imported run where it comes from, and its steps if it has any. */
export function extentTexts(report: Pick<ReportDocument, 'run' | 'points'>): string[] {
  const { engine = 'unknown', importedFrom } = report.run;
  const extent = extentText(report);
  if (importedFrom === undefined) return [`${engine} engine`, extent];
  const hasSteps = report.points.some(({ steps }) => steps > 0);
  return [`imported from ${importedFrom}`, ...(hasSteps ? [extent] : [])];
}

function rangeText(values: readonly number[], noun: string): string {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return least < most ? `${formatCount(least)} to ${count(most, noun)}` : count(most, noun);
}
