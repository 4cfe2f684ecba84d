import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { typographic } from './table.js';

/** Text and table to paste into a paper; one click selects each, without a script. */
export function paperSection({ report }: PageContext): Markup {
  const { paragraph, latex } = report.paper;
  return markup`<section aria-labelledby="paper">
    <h2 id="paper">For your paper</h2>
    <p>
      What a reviewer asks about error bars: what varies, how they are computed and under which
      assumptions, n, alpha and the correction for several comparisons. A click selects all of a
      text.
    </p>
    <div class="card">
      <h3>Text</h3>
      <p class="copy">${typographic(paragraph)}</p>
      <h3>LaTeX</h3>
      <pre class="copy" tabindex="0" role="region" aria-label="LaTeX">${latex}</pre>
    </div>
  </section> `;
}
