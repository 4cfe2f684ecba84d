import { effectUnit, formatLevel } from '../../statistics/format-effect.js';
import { count } from '../../text/numbers.js';
import { numberColumn, tableOf } from '../../text/table.js';
import type { Table } from '../../text/table.js';
import { sentenceCase } from '../../text/text.js';
import { excludesZero } from '../effect-text.js';
import { curvePlot } from '../plots/curve-plot.js';
import { differencePlot } from '../plots/difference-plot.js';
import { cutNote, differenceTitle, drawnRange } from '../plots/theme.js';
import type { ReportCurves } from '../report-schema.js';
import { legend } from './context.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';

const heights = { wide: 320, narrow: 240 };
/** Rows of a curve's table: enough to follow it. */
const mostRows = 20;

/** How training went: losses, accuracies and the paired differences over the steps. */
export async function curvesSection(context: PageContext): Promise<Markup | undefined> {
  const { report } = context;
  if (report.curves.length === 0) return undefined;
  const figures: Markup[] = [];
  for (const curves of report.curves) {
    figures.push(await curveFigure(context, curves));
    for (const { challenger, band } of curves.differences) {
      if (!band.computable) continue;
      figures.push(await differenceFigure(context, curves, challenger));
    }
  }
  const shown = new Set(report.curves.map(({ point }) => point)).size;
  const some =
    shown < report.points.length
      ? markup`<p>
          Shown are ${shown} of ${count(report.points.length, 'point')}: those with the largest differences,
          and the smallest.
        </p>`
      : '';
  return markup`<section aria-labelledby="training">
    <h2 id="training">Training</h2>
    ${some} ${legend(context)}
    <div class="plots">${figures}</div>
  </section> `;
}

function curveFigure(context: PageContext, curves: ReportCurves): Promise<Markup> {
  const { labels, report } = context;
  const { quantity, variants, scale } = curves;
  const words = effectUnit(quantity).metric;
  const seeds = Math.max(...variants.map((variant) => variant.seeds.length));
  const completed = report.trials.filter(
    ({ point, state }) => point === curves.point && state === 'completed',
  ).length;
  const whose = completed < seeds ? ` over the ${completed} that completed` : '';
  const average = scale === 'log' ? 'geometric mean' : 'mean';
  const level = formatLevel(1 - report.decision.alpha);
  const where = pointSuffix(context, curves);
  return figure({
    title: `${sentenceCase(words)}${where}`,
    caption:
      seeds > 1
        ? `Thin: each of ${count(seeds, 'seed')}. Bold: their ${average}${whose}, with its pointwise ${level} interval${scale === 'log' ? '; logarithmic scale' : ''}.`
        : `One seed${scale === 'log' ? '; logarithmic scale' : ''}.`,
    data: curveData(curves, labels),
    draw: (width) =>
      curvePlot(curves, {
        width,
        height: width < 400 ? heights.narrow : heights.wide,
        labels,
        yTitle: words,
      }),
  });
}

function differenceFigure(
  context: PageContext,
  curves: ReportCurves,
  challenger: string,
): Promise<Markup> {
  const { labels, report, series } = context;
  const { band } = curves.differences.find((difference) => difference.challenger === challenger)!;
  if (!band.computable) throw new TypeError(`no band of ${challenger}: ${band.because}`);
  const words = effectUnit(curves.quantity).metric;
  const { factor, differences: unit } = effectUnit(curves.quantity);
  const compared = {
    challenger: labels.get(challenger) ?? challenger,
    baseline: labels.get(report.baseline) ?? report.baseline,
  };
  const names = `${compared.challenger} − ${compared.baseline}`;
  const whose = report.variants.length > 2 ? `: ${compared.challenger}` : '';
  const better = curves.direction === 'lower' ? 'Below 0' : 'Above 0';
  const cut = drawnRange(band.mean, [...band.low, ...band.high]).cut ? ` ${cutNote}` : '';
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : (value * factor).toPrecision(3);
  return figure({
    title: `Paired difference of ${words}${pointSuffix(context, curves)}${whose}`,
    caption: `${names}${report.run.importedFrom === undefined ? ' on the same minibatches' : ''}, mean of ${count(band.seeds, 'seed')}. The band is simultaneous: the whole true curve lies inside it with ${formatLevel(band.level)} confidence. ${better} the challenger is ahead. ${excludesZero(band)}${cut}`,
    data: tableOf(`Differences of ${words} by step`, sampled(band.steps.length), [
      numberColumn('Step', (i) => band.steps[i]!),
      numberColumn('Mean', (i) => number(band.mean[i])),
      numberColumn('Low', (i) => number(band.low[i])),
      numberColumn('High', (i) => number(band.high[i])),
    ]),
    draw: (width) => {
      const height = width < 400 ? heights.narrow : heights.wide;
      const yTitle = differenceTitle(compared, unit, height - 60);
      return differencePlot(band, { width, height, yTitle, series: series(challenger), factor });
    },
  });
}

function curveData({ variants, quantity }: ReportCurves, labels: PageContext['labels']): Table {
  const steps = variants[0]?.steps ?? [];
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? '–' : value.toPrecision(4);
  return tableOf(`Means of ${effectUnit(quantity).metric} by step`, sampled(steps.length), [
    numberColumn('Step', (i) => steps[i]!),
    ...variants.map(({ variant, mean }) =>
      numberColumn<number>(`${labels.get(variant) ?? variant}, mean`, (i) => number(mean[i])),
    ),
  ]);
}

/** Indices of at most `mostRows` entries, the last among them. */
function sampled(length: number): number[] {
  const stride = Math.max(1, Math.ceil(length / mostRows));
  const indices = Array.from({ length: Math.ceil(length / stride) }, (_, i) => i * stride);
  return length > 0 && indices.at(-1) !== length - 1 ? [...indices, length - 1] : indices;
}

function pointSuffix({ report }: PageContext, { point }: ReportCurves): string {
  return report.points.length > 1 ? `: ${report.points[point]!.label}` : '';
}
