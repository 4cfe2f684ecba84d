import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** What the run was made with. */
export function provenanceSection({ report }: PageContext): Markup {
  return markup`<section aria-labelledby="provenance">
    <h2 id="provenance">Provenance</h2>
    <p>
      Recorded before the run. <code>lockstep verify</code> recomputes what can be recomputed and
      holds every file against its checksum.
    </p>
    <div class="card">
      ${table({
        caption: 'Provenance',
        head: ['What', 'Recorded'],
        words: [1],
        rows: report.provenance.map(({ name, value }) => [name, markup`<code>${value}</code>`]),
      })}
    </div>
  </section> `;
}
