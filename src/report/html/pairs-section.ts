import { effectUnit, partsFormatter } from '../../statistics/format-effect.js';
import { numberColumn, tableOf } from '../../text/table.js';
import type { Table } from '../../text/table.js';
import { sentenceCase } from '../../text/text.js';
import { differencesPlot, pairsPlot, pairsRange } from '../plots/pairs-plot.js';
import { cutNote } from '../plots/theme.js';
import type { ReportComparison } from '../report-schema.js';
import { legend } from './context.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';

/** Comparisons whose pairs are drawn one by one; the rest are in the table. */
export const mostDrawn = 6;

/** The pairs themselves: both values of each seed, and their differences. */
export async function pairsSection(
  context: PageContext,
  comparisons: readonly ReportComparison[],
): Promise<Markup | undefined> {
  const { report, labelOf, series } = context;
  const drawn = comparisons.filter(({ pairs }) => pairs.completed > 0).slice(0, mostDrawn);
  if (drawn.length === 0) return undefined;
  const several = report.comparisons.length > 1;
  const { metric } = effectUnit(report.decision.metric);
  const figures: Markup[] = [];
  for (const comparison of drawn) {
    const colors = {
      baseline: series(report.baseline),
      challenger: series(comparison.challenger),
    };
    const suffix = several ? `: ${labelOf(comparison)}` : '';
    const data = pairsData(comparison);
    const { baseline, challenger } = comparison.labels;
    const margin =
      comparison.margin > 0 ? ' The shaded zone is the margin that does not matter.' : '';
    figures.push(
      await figure({
        title: `${sentenceCase(metric)} by seed${suffix}`,
        caption: `Each row is one seed: ${baseline} hollow, ${challenger} filled.`,
        data,
        draw: (width) => pairsPlot(comparison, { width, series: colors }),
      }),
      await figure({
        title: `Paired differences${suffix}`,
        caption: `Each dot is one seed's ${challenger} − ${baseline}; the diamond is their mean with its confidence interval.${margin}${pairsRange(comparison).cut ? ` ${cutNote}` : ''}`,
        data,
        draw: (width) => differencesPlot(comparison, { width, series: colors }),
      }),
    );
  }
  return markup`<section aria-labelledby="pairs">
    <h2 id="pairs">Pairs</h2>
    ${legend(context)}
    <div class="plots">${figures}</div>
  </section> `;
}

function pairsData({ pairs, metric, labels }: ReportComparison): Table {
  const { factor, values, differences } = effectUnit(metric);
  const rows = pairs.seeds.map((seed, i) => ({
    seed,
    parts: [
      pairs.baseline[i]! * factor,
      pairs.challenger[i]! * factor,
      pairs.differences[i]! * factor,
    ] as const,
  }));
  const spread = rows.reduce((most, { parts: [, , d] }) => Math.max(most, Math.abs(d)), 0);
  const format = partsFormatter(
    spread / 50,
    rows.map(({ parts }) => parts),
  );
  return tableOf('The pairs', rows, [
    numberColumn('Seed', ({ seed }) => seed),
    numberColumn(`${labels.baseline}${values}`, ({ parts }) => format(parts)[0]),
    numberColumn(`${labels.challenger}${values}`, ({ parts }) => format(parts)[1]),
    numberColumn(`Difference${differences}`, ({ parts }) => format(parts)[2]),
  ]);
}
