import { count } from '../../text/numbers.js';
import { boundaryPlot } from '../plots/boundary-plot.js';
import type { ReportComparison } from '../report-schema.js';
import { looksTable } from '../sequence-table.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** The looks of a run that was decided in sequence: the boundary, and the path to it. */
export async function sequenceSection(
  context: PageContext,
  comparisons: readonly ReportComparison[],
): Promise<Markup | undefined> {
  const followed = comparisons.filter(({ sequential }) => sequential !== undefined);
  const [first] = followed;
  if (first?.sequential === undefined) return undefined;
  const parts: Markup[] = [];
  for (const comparison of followed) parts.push(await pathOf(comparison, context));
  return markup`<section aria-labelledby="looks">
    <h2 id="looks">Looks</h2>
    <p>${explanation(first.sequential, first.alpha)}</p>
    ${parts}
  </section> `;
}

function explanation(
  { method, cap, every, alpha, comparisons }: NonNullable<ReportComparison['sequential']>,
  total: number,
): string {
  const share = comparisons > 1 ? `, its share of ${total} among ${comparisons} comparisons` : '';
  if (method === 'evidence') {
    return `The evidence E is computed after every pair, and the comparison stops once E reaches ${Math.ceil(1 / alpha)}. The chance that this ever happens to a variant against itself is ${alpha} at most${share}, however many pairs there are.`;
  }
  return `Fixed before the run: at most ${count(cap, 'pair')}, a look ${every === 1 ? 'after every pair' : `every ${count(every, 'pair')}`} from the first that can decide, alpha ${alpha} spent in proportion to the pairs${share}. A difference is shown where t and the sequential sign flips both cross their bounds at the same look. The interval holds at all looks together; the mean at a stop is biased outward, as a run stops when its mean is large.`;
}

async function pathOf(
  comparison: ReportComparison,
  { series, labelOf, report }: PageContext,
): Promise<Markup> {
  const several = report.comparisons.length > 1 ? `: ${labelOf(comparison)}` : '';
  const data = looksTable(comparison, `Looks${several}`);
  const sequential = comparison.sequential!;
  const ahead =
    sequential.unused > 0
      ? ` ${count(sequential.unused, 'pair')} run ahead of the verdict ${sequential.unused === 1 ? 'is' : 'are'} left out.`
      : '';
  const drawn = await figure({
    title: `Path of the decision${several}`,
    full: true,
    caption: `${sequential.method === 'evidence' ? 'The evidence after each pair, and the value at which it stops (dashed).' : 't at each look, and the bounds that it has to cross (dashed).'}${ahead}`,
    data,
    draw: (width) =>
      boundaryPlot(sequential, {
        width,
        height: width < 400 ? 220 : 280,
        series: series(comparison.challenger),
      }),
  });
  return markup`<div class="plots">${drawn}</div>
    <div class="card">${table(data)}</div>`;
}
