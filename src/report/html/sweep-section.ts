import { effectUnit } from '../../statistics/format-effect.js';
import { count } from '../../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../../text/table.js';
import type { Table } from '../../text/table.js';
import { sentenceCase } from '../../text/text.js';
import { partTexts } from '../comparison-table.js';
import { effectNumbers } from '../effect-text.js';
import { comparisonsRange, cutNote } from '../plots/theme.js';
import { parallelPlot } from '../plots/parallel-plot.js';
import { heatMap, sweepPlot, valuesPlot } from '../plots/sweep-plot.js';
import type { SweepAxis, SweepRow } from '../plots/sweep-plot.js';
import { shortNames, sweptTexts } from '../sweep-points.js';
import { legend } from './context.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';

/** Cells of a heat map beside one another that can still be read. */
const mostCells = 12;
/** Parallel axes that need the whole width. */
const crowded = 4;

/** How the difference depends on what was swept. */
export async function sweepSection(context: PageContext): Promise<Markup | undefined> {
  const { report, labelOf, series } = context;
  const paths = [...new Set(report.points.flatMap(({ values }) => Object.keys(values)))];
  const names = shortNames(paths);
  const textOf = sweptTexts(report.points.map(({ values }) => values));
  const axes = paths
    .map((path): SweepAxis => {
      return { path, name: names.get(path)!, text: (value) => textOf(path, value) };
    })
    .filter(({ path }) => distinct(path) > 1);
  if (axes.length === 0) return undefined;
  const unit = effectUnit(report.decision.metric);
  const figures: Markup[] = [];
  const all = report.comparisons.map((comparison): SweepRow => {
    return {
      values: report.points[comparison.point]!.values,
      label: labelOf(comparison),
      comparison,
    };
  });
  for (const axis of axes) {
    const along = all.filter(({ values }) => axis.path in values);
    if (along.length === 0) continue;
    figures.push(
      await figure({
        title: `${sentenceCase(unit.metric)} by ${axis.name}`,
        caption: 'Each variant at each point of the sweep: the mean over the seeds, ± one SD.',
        data: ownValues(along),
        draw: (width) =>
          valuesPlot(along, axis, {
            ...{ width, height: width < 400 ? 240 : 320 },
            series: (variant) => series(variant ?? report.baseline),
          }),
      }),
    );
  }
  for (const { name: challenger } of report.variants) {
    const rows = all.filter(
      ({ comparison: { challenger: other, values } }) =>
        other === challenger && values.difference.computable,
    );
    if (rows.length === 0) continue;
    const suffix = report.variants.length > 2 ? `: ${rows[0]!.comparison.labels.challenger}` : '';
    const data = tableOf(`Differences by ${axes.map(({ name }) => name).join(' and ')}`, rows, [
      ...axes.map(({ path, name, text }) =>
        numberColumn<SweepRow>(name, ({ values }) => text(values[path])),
      ),
      numberColumn<SweepRow>(
        `Difference${unit.differences}`,
        ({ comparison }) => effectNumbers(comparison).value,
      ),
      numberColumn<SweepRow>('Interval', ({ comparison }) => effectNumbers(comparison).range),
      textColumn<SweepRow>('Verdict', ({ comparison }) => comparison.verdict.decision),
    ]);
    const range = comparisonsRange(rows.map(({ comparison }) => comparison));
    const cut = range.cut ? ` ${cutNote}` : '';
    const [first, second] = axes;
    if (first && second && axes.length === 2 && isGrid(first.path, second.path)) {
      const title = `Difference by ${first.name} and ${second.name}${suffix}`;
      figures.push(
        await figure({
          title,
          caption: `Mean difference in ${unit.phrase}. Green: the challenger is ahead; red: behind; the stronger, the larger.`,
          data,
          draw: (width) =>
            heatMap(rows, [first, second], { width, height: width < 400 ? 280 : 360 }),
        }),
      );
    }
    if (axes.length > 1 && rows.length > 1) {
      figures.push(
        await figure({
          title: `All that was swept${suffix}`,
          full: axes.length >= crowded,
          caption: `Parallel coordinates: one line a point of the sweep, from its settings to its mean difference in ${unit.phrase}, coloured by its verdict.`,
          data,
          draw: (width) => parallelPlot(rows, axes, { width, height: width < 400 ? 280 : 360 }),
        }),
      );
    }
    for (const axis of axes) {
      const along = rows.filter(({ values }) => axis.path in values);
      if (along.length === 0) continue;
      const title = `Difference by ${axis.name}${suffix}`;
      figures.push(
        await figure({
          title,
          caption: `One mark a point of the sweep: mean difference in ${unit.phrase} with its interval, coloured by its verdict${axes.length > 1 ? '; points that share this value stand side by side' : ''}.${cut}`,
          data,
          draw: (width) => sweepPlot(along, axis, { width, height: width < 400 ? 240 : 320 }),
        }),
      );
    }
  }
  if (figures.length === 0) return undefined;
  return markup`<section aria-labelledby="sweep">
    <h2 id="sweep">Sweep</h2>
    <p>
      Swept: ${axes.map(({ path }, i) => markup`${i > 0 ? ', ' : ''}<code>${path}</code>`)};
      ${count(report.points.length, 'point')}.
    </p>
    ${legend(context)}
    <div class="plots">${figures}</div>
  </section> `;

  function ownValues(along: readonly SweepRow[]): Table {
    const own = (side: 'baseline' | 'challenger') =>
      numberColumn<SweepRow>(
        `${sentenceCase(side)}${unit.values}`,
        ({ comparison }) => partTexts(comparison)[side === 'baseline' ? 0 : 1],
      );
    return tableOf(`${sentenceCase(unit.metric)} by point`, along, [
      textColumn<SweepRow>('Point', ({ label }) => label),
      own('baseline'),
      own('challenger'),
    ]);
  }

  /** How many values a path has, at the points that set it. */
  function distinct(path: string): number {
    return new Set(pointsWith(path).map(({ values }) => textOf(path, values[path]))).size;
  }

  function pointsWith(path: string) {
    return report.points.filter(({ values }) => path in values);
  }

  function isGrid(across: string, up: string): boolean {
    if ([across, up].some((path) => pointsWith(path).length < report.points.length)) return false;
    const [columns, rows] = [distinct(across), distinct(up)];
    return columns <= mostCells && rows <= mostCells && columns * rows <= report.points.length;
  }
}
