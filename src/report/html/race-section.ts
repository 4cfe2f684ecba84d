import { effectUnit } from '../../statistics/format-effect.js';
import { count } from '../../text/numbers.js';
import { racePlot } from '../plots/race-plot.js';
import { seriesColor } from '../plots/theme.js';
import { raceSentence, raceTable } from '../race-table.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table, typographic } from './table.js';

/** Where and why each point of a race was dropped. */
export async function raceSection({ report }: PageContext): Promise<Markup | undefined> {
  const { race, points, baseline } = report;
  if (race === undefined) return undefined;
  const labels = points.map(({ label }) => label);
  const data = raceTable(race, labels);
  const drawn =
    race.looks.length === 0
      ? ''
      : await figure({
          title: 'The race',
          full: true,
          caption: `How far each point's mean over the seeds is behind the leader's, in ${effectUnit(race.metric).phrase}. A point beyond the dashed bound is dropped, where its line ends with a cross. Survivors are coloured.`,
          data,
          draw: (width) => racePlot(race, { width, height: width < 400 ? 260 : 340, labels }),
        });
  return markup`<section aria-labelledby="race">
    <h2 id="race">Race</h2>
    <p>${typographic(raceSentence(race, baseline))}.</p>
    <p>
      After every seed but the first and the last, points are dropped whose mean is behind the
      leader's by more than the bound, which keeps the chance of dropping the best of
      ${count(points.length, 'point')} over all looks at ${race.alpha} at most. Comparisons of
      dropped points are not decided; Holm's method counts them all the same.
    </p>
    ${
      drawn
        ? markup`<ul class="legend">
              ${race.survivors.map(
                ({ point }, index) =>
                  markup`<li>
                    <span style="background:${seriesColor(index)}"></span>${labels[point] ?? ''}
                  </li>`,
              )}
            </ul>
            <div class="plots">${drawn}</div>`
        : ''
    }
    <div class="card">${table(data)}</div>
  </section> `;
}
