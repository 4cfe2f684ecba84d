import { sourceName, varianceNotes, varianceSentences, varianceTables } from '../variance-text.js';
import { sharesPlot } from '../plots/shares-plot.js';
import type { PageContext } from './context.js';
import { figure } from './figure.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table, typographic } from './table.js';

/** Where the variance comes from, in place of a verdict. */
export async function varianceSection({ report }: PageContext): Promise<Markup | undefined> {
  const { variance } = report;
  if (!variance) return undefined;
  const [shares, ...others] = varianceTables(variance);
  const plot =
    shares &&
    (await figure({
      title: 'Shares of the variance',
      full: true,
      caption: 'Estimates for each variant and each difference; the table has their intervals.',
      data: shares,
      draw: (width) =>
        sharesPlot(variance.quantities, (source) => sourceName(source, variance), width),
    }));
  return markup`<section aria-labelledby="variance">
    <h2 id="variance">Where the variance comes from</h2>
    ${varianceNotes(variance).map((note) => markup`<p>${note}</p>`)}
    <ul>
      ${varianceSentences(variance).map((sentence) => markup`<li>${typographic(sentence)}</li>`)}
    </ul>
    ${plot ? markup`<div class="plots">${plot}</div>` : ''}
    <div class="card">
      ${[shares, ...others].map((one) => (one ? markup`<h3>${one.caption}</h3>${table(one)}` : ''))}
    </div>
  </section> `;
}
