import { numberColumn, tableOf, textColumn } from '../../text/table.js';
import { calibrationPlot } from '../plots/calibration-plot.js';
import type { ReportClassification, ReportPredictions } from '../report-schema.js';
import { legend } from './context.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** What two variants take for what, and how far their probabilities can be believed. */
export async function classificationFigures(
  context: PageContext,
  { classifications, classNames }: ReportPredictions,
  title: string,
): Promise<Markup> {
  const { labels, series } = context;
  const nameOf = ({ variant }: ReportClassification) => labels.get(variant) ?? variant;
  const curves = classifications.flatMap((own) =>
    own.calibration === null
      ? []
      : [{ label: nameOf(own), series: series(own.variant), bins: own.calibration }],
  );
  return markup`<details class="card">
      <summary>Which classes are taken for which<span class="unseen">: ${title}</span></summary>
      ${classifications.map((own) => confusions(own, nameOf(own), classNames))}
    </details>
    ${
      curves.length === 0
        ? ''
        : markup`${legend(context)}
          <div class="plots">${await figure({
            title: `Calibration: ${title}`,
            caption:
              'Predictions in bins of their probability: of those made with 90%, nine in ten should be right (the dashed line). Above it a network is too modest, below it too sure. Larger points have more predictions; all seeds together.',
            data: tableOf(
              'calibration',
              curves.flatMap(({ label, bins }) => bins.map((bin) => ({ label, ...bin }))),
              [
                textColumn('Variant', ({ label }) => label),
                numberColumn('Probability, %', ({ confidence }) => (100 * confidence).toFixed(1)),
                numberColumn('Right, %', ({ accuracy }) => (100 * accuracy).toFixed(1)),
                numberColumn('Predictions', ({ count }) => count),
              ],
            ),
            draw: (width) => calibrationPlot(curves, { width, height: Math.min(width, 360) }),
          })}</div>`
    }`;
}

function confusions(
  { matrix, confusions: listed }: ReportClassification,
  label: string,
  names: readonly string[] = [],
): Markup {
  const nameOf = (index: number) => names[index] ?? String(index);
  if (matrix === null) {
    const caption = `Most frequent confusions of ${label}`;
    return markup`<h4>${caption}, all seeds together</h4>
      ${table(
        tableOf(caption, listed, [
          textColumn('Class', (one) => nameOf(one.class)),
          textColumn('Taken for', ({ predicted }) => nameOf(predicted)),
          numberColumn('Times', ({ count }) => count),
        ]),
      )}`;
  }
  return markup`<h4>${label}: examples by class (rows) and predicted class (columns), all seeds together</h4>
    <div class="scroll" role="region" tabindex="0" aria-label="Confusion matrix of ${label}">
      <table class="confusion">
        <caption class="unseen">
          Confusion matrix of ${label}
        </caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            ${matrix.map((_, predicted) => markup`<th scope="col" class="number">${nameOf(predicted)}</th>`)}
            <th scope="col" class="number">Recall, %</th>
          </tr>
        </thead>
        <tbody>
          ${matrix.map((row, actual) => confusionRow(row, actual, nameOf(actual)))}
        </tbody>
      </table>
    </div>`;
}

function confusionRow(row: readonly number[], actual: number, name: string): Markup {
  const examples = row.reduce((sum, count) => sum + count, 0);
  const recall = examples === 0 ? '–' : ((100 * row[actual]!) / examples).toFixed(1);
  return markup`<tr>
    <th scope="row">${name}</th>
    ${row.map(
      (count, predicted) =>
        markup`<td class="number${predicted === actual ? ' right' : ''}" style="--share:${shareOf(count, examples)}%">${count === 0 ? '' : count}</td>`,
    )}
    <td class="number">${recall}</td>
  </tr> `;
}

/** How strongly a cell is coloured; the root lets rare confusions be seen. */
function shareOf(count: number, examples: number): string {
  return examples === 0 ? '0' : (70 * Math.sqrt(count / examples)).toFixed(0);
}
