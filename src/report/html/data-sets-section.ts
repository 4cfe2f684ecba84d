import {
  dataSetsSentence,
  dataSetsTable,
  dataSetsTestsTable,
  inOrder,
  rankTestsTable,
} from '../data-sets-text.js';
import { criticalDifferencePlot } from '../plots/critical-difference-plot.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** The variants over several data sets: ranks, their tests, and the critical difference diagram. */
export async function dataSetsSection(context: PageContext): Promise<Markup | undefined> {
  const { report } = context;
  const { dataSets } = report;
  if (!dataSets) return undefined;
  const { ranking } = dataSets;
  const tables = [
    dataSetsTable(report, dataSets),
    dataSetsTestsTable(report, dataSets),
    rankTestsTable(dataSets),
  ];
  return markup`<section aria-labelledby="data-sets">
    <h2 id="data-sets">Data sets</h2>
    <p>
      The points of this sweep differ in their data only. The comparisons above ask which variant is
      better on each data set; here the unit is the data set, so the question is which is better on
      data sets like these.
    </p>
    <p>${dataSetsSentence(report, dataSets)}</p>
    ${ranking.computable ? markup`<div class="plots">${await ranksFigure(context)}</div>` : ''}
    <div class="card">
      ${tables.map((one) => (one ? markup`<h3>${one.caption}</h3>${table(one)}` : ''))}
    </div>
  </section> `;
}

async function ranksFigure({ report, series, labels }: PageContext): Promise<Markup> {
  const { dataSets } = report;
  if (!dataSets?.ranking.computable) return markup``;
  const { ranking } = dataSets;
  const names = inOrder(ranking);
  const variants = names.map((name) => ({
    label: labels.get(name) ?? name,
    meanRank: ranking.meanRanks[name]!,
    series: series(name),
  }));
  const groups = ranking.groups.map((group) =>
    group.map((name) => names.indexOf(name)).sort((a, b) => a - b),
  );
  return figure({
    title: 'Critical difference diagram',
    full: true,
    caption:
      'Each variant at its mean rank over the data sets. A thick bar joins variants whose mean ranks are closer than the critical difference (Nemenyi), which chance may explain.',
    data: dataSetsTable(report, dataSets),
    draw: (width) =>
      criticalDifferencePlot(
        { variants, groups, criticalDifference: ranking.criticalDifference },
        width,
      ),
  });
}
