import { formatLevel } from '../../statistics/format-effect.js';
import { count, signed } from '../../text/numbers.js';
import { numberColumn, tableOf } from '../../text/table.js';
import { pText } from '../effect-text.js';
import type { ReportComparison, ReportPredictions } from '../report-schema.js';
import { classificationFigures } from './classification.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table, typographic } from './table.js';

/**
 * McNemar's test of every seed, the interval over seeds and examples, confusion matrices, calibration, and
 * the most disputed examples.
 */
export async function predictionsSection(
  context: PageContext,
  comparisons: readonly ReportComparison[],
): Promise<Markup | undefined> {
  const { report, labels } = context;
  const predictions = report.predictions.filter(({ point, challenger }) =>
    comparisons.some((shown) => shown.point === point && shown.challenger === challenger),
  );
  if (predictions.length === 0) return undefined;
  const others = report.predictions.length - predictions.length;
  const parts: Markup[] = [];
  for (const [index, comparison] of predictions.entries()) {
    const point = report.points[comparison.point]?.label ?? '';
    const names = [comparison.challenger, report.baseline].map((name) => labels.get(name) ?? name);
    const title = [names.join(' against '), ...(point === '' ? [] : [point])].join(', ');
    parts.push(markup`<h3>${title}</h3>
      <div class="card">
        ${seedTable(comparison, names, title)}
        <p>${intervalSentence(comparison)}</p>
      </div>
      ${await classificationFigures(context, comparison, title)}
      ${gallery(comparison, title, index === 0)}`);
  }
  return markup`<section aria-labelledby="predictions">
    <h2 id="predictions">Predictions</h2>
    <p>
      What the trained networks say of the same test examples. McNemar's test asks whether two networks
      differ on examples like these; each seed has its own, as the errors of one seed's networks are
      not independent of another's.
      ${others > 0 ? `Shown are ${predictions.length} of ${count(report.predictions.length, 'comparison')}; report.json has all.` : ''}
    </p>
    ${parts}
  </section> `;
}

function seedTable(
  { seeds }: ReportPredictions,
  [challenger, baseline]: readonly string[],
  title: string,
): Markup {
  return table(
    tableOf(`McNemar's test by seed: ${title}`, seeds, [
      numberColumn('Seed', ({ seed }) => seed),
      numberColumn('Both right', ({ test }) => test.bothRight),
      numberColumn(`Only ${challenger ?? ''} right`, ({ test }) => test.onlyChallengerRight),
      numberColumn(`Only ${baseline ?? ''} right`, ({ test }) => test.onlyBaselineRight),
      numberColumn('Both wrong', ({ test }) => test.bothWrong),
      numberColumn('p (exact)', ({ test }) => pText(test.p)),
    ]),
  );
}

function intervalSentence({ interval, examples }: ReportPredictions): string {
  if (!interval.computable) {
    return `The interval over seeds and examples is not computable because ${interval.because}.`;
  }
  const points = (value: number) => typographic(signed((100 * value).toFixed(2)));
  const { level, low, high } = interval.interval;
  return (
    `Accuracy differs by ${points(interval.mean)} percentage points, ${formatLevel(level)} interval ` +
    `[${points(low)}, ${points(high)}], for new seeds and new examples alike ` +
    `(${count(interval.seeds, 'seed')}, ${count(examples, 'example')}).`
  );
}

function gallery(
  { disagreements }: ReportPredictions,
  title: string,
  open: boolean,
): Markup | undefined {
  if (disagreements.length === 0) return undefined;
  return markup`<details class="card" ${open ? markup` open` : ''}>
    <summary>The ${count(disagreements.length, 'example')} they disagree on most: ${title}</summary>
    <ul class="gallery">
      ${disagreements.map(
        ({ image, alt, label }) =>
          markup`<li>
            <figure>
              ${image === undefined ? '' : markup`<img src="${image}" alt="${alt}" width="56" height="56" />`}
              <figcaption ${image === undefined ? '' : markup`aria-hidden="true"`}>${label}: ${alt.replace(/^.*?\. /, '')}</figcaption>
            </figure>
          </li> `,
      )}
    </ul>
  </details>`;
}
