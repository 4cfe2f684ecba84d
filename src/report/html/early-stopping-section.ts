import { earlyStopsTable } from '../early-stops-table.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** When early stopping ended the variants' training. */
export function earlyStoppingSection({ report }: PageContext): Markup | undefined {
  const stops = earlyStopsTable(report);
  if (stops === undefined) return undefined;
  return markup`<section aria-labelledby="early-stopping">
    <h2 id="early-stopping">Early stopping</h2>
    <p>
      Each variant stops by itself, and is evaluated at the end with its weights of the best step.
      The last step is that of the trials that stopped early; the best step is that of all.
    </p>
    <div class="card">${table(stops)}</div>
  </section> `;
}
