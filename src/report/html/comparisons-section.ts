import { comparisonsRange, cutNote } from '../plots/theme.js';
import { forestPlot } from '../plots/forest-plot.js';
import { count } from '../../text/numbers.js';
import { effectUnit } from '../../statistics/format-effect.js';
import { comparisonTable } from '../comparison-table.js';
import { winsTable } from '../wins-table.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** Several comparisons: each with its interval, and the Holm-adjusted table. */
export async function comparisonsSection(context: PageContext): Promise<Markup | undefined> {
  const { report, labelOf } = context;
  const { comparisons, decision } = report;
  if (comparisons.length < 2) return undefined;
  const rows = comparisons.map((comparison) => ({ label: labelOf(comparison), comparison }));
  const measured = rows.filter(({ comparison }) => comparison.values.difference.computable);
  const { phrase } = effectUnit(decision.metric);
  const data = comparisonTable(report);
  const wins = winsTable(report);
  const cut = comparisonsRange(comparisons).cut ? ` ${cutNote}` : '';
  const plot =
    measured.length === 0
      ? ''
      : await figure({
          title: 'Every comparison',
          full: true,
          caption: `Mean difference in ${phrase}, with its unadjusted interval; the colour is the verdict, which is adjusted by Holm's method over all ${count(comparisons.length, 'comparison')}. The dashed line is no difference${decision.margin > 0 ? ', the shaded zone the margin' : ''}.${cut}`,
          data,
          draw: (width) => forestPlot(measured, width),
        });
  return markup`<section aria-labelledby="comparisons">
    <h2 id="comparisons">Comparisons</h2>
    <p>
      Each challenger against the baseline at each point, as one family: the p values are adjusted
      by Holm's method, so that the chance of any false "better" or "worse" among all of them is
      ${decision.alpha} at most.
    </p>
    ${plot ? markup`<div class="plots">${plot}</div>` : ''}
    <div class="card">${table(data)}</div>
    <div class="card">
      <h3>${wins.caption}</h3>
      ${table(wins)}
      <p>
        P(B > A): the share of seeds on which the challenger wins, with its exact interval
        (Bouthillier et al. 2021). The last columns: the Bayesian signed-rank test (Benavoli et al.
        2017)${decision.margin > 0 ? ', equivalent being within the margin' : '; without a margin only ties are equivalent'}.
      </p>
    </div>
  </section> `;
}
