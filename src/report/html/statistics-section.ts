import { statisticsTable } from '../statistics-table.js';
import type { ReportComparison } from '../report-schema.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** Every statistic of the comparisons shown in full. */
export function statisticsSection(
  { report, labelOf }: PageContext,
  comparisons: readonly ReportComparison[],
): Markup | undefined {
  if (comparisons.length === 0) return undefined;
  const several = report.comparisons.length > 1;
  return markup`<section aria-labelledby="statistics">
    <h2 id="statistics">Statistics</h2>
    <p>
      The unit is the pair of one seed. Methods, assumptions and references are in Lockstep's
      docs/statistics.md.${
        comparisons.some(({ sequential }) => sequential !== undefined)
          ? ' They are of the pairs up to the stop, and as if their number had been fixed: p values and intervals here do not allow for the looks, which the verdict does.'
          : ''
      }
    </p>
    ${comparisons.map((comparison) => {
      const label = several ? `: ${labelOf(comparison)}` : '';
      const contents =
        comparison.pairs.completed === 0
          ? markup`<p>No pair is complete, so there is nothing to compute.</p>`
          : table(statisticsTable(comparison, `Statistics${label}`));
      if (!several) return markup`<div class="card">${contents}</div>`;
      return markup`<details class="card">
        <summary>${labelOf(comparison)}</summary>
        ${contents}
      </details>`;
    })}
  </section> `;
}
