import { count, formatCount } from '../text/numbers.js';
import type { ReportDocument } from './report-schema.js';

/** How much a run trains: `50 steps of 128 examples`, or `20 to 60 steps of 128 examples` where points differ. */
export function extentText({ points }: Pick<ReportDocument, 'points'>): string {
  const steps = rangeText(
    points.map((point) => point.steps),
    'step',
  );
  const examples = rangeText(
    points.map((point) => point.batchSize),
    'example',
  );
  return `${steps} of ${examples}`;
}

function rangeText(values: readonly number[], noun: string): string {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return least < most ? `${formatCount(least)} to ${count(most, noun)}` : count(most, noun);
}
