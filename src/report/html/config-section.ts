import type { ReportDocument } from '../report-schema.js';
import { cellText, tableOf, textColumn } from '../../text/table.js';
import type { Cell } from '../../text/table.js';
import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** A value, or a dash; JSON gets spaces, so that long lists can be broken between their parts. */
function code(json: string | null | undefined): Cell {
  if (json === null || json === undefined) return '–';
  const text = JSON.stringify(JSON.parse(json), null, 1).replaceAll(/\n\s*/g, ' ');
  return { text, as: 'code' };
}

/** Each value that some point of a sweep has. */
function codes(values: readonly (string | null)[] = []): Cell {
  if (values.length === 0) return '–';
  const texts = values.map((value) => cellText(code(value)));
  return { text: texts.join(' | '), as: 'code' };
}

const pathColumn = textColumn<{ readonly path: string }>('Setting', ({ path }) => ({
  text: path,
  as: 'code',
}));

/** The settings in which the variants differ, those that are not defaults, and the whole configuration. */
export function configSection({ report, labels }: PageContext): Markup {
  const { parents, differences, settings, yaml } = report.config;
  type Settings = ReportDocument['config'];
  const variants = tableOf('What the variants differ in', differences, [
    pathColumn,
    ...[...labels].map(([name, label]) =>
      textColumn<Settings['differences'][number]>(label, ({ values }) => codes(values[name])),
    ),
  ]);
  const set = tableOf('Settings that are not defaults', settings, [
    pathColumn,
    textColumn<Settings['settings'][number]>('Value', ({ values }) => codes(values)),
    textColumn<Settings['settings'][number]>('Default', ({ default: standard }) =>
      standard === null ? 'none' : code(standard),
    ),
  ]);
  const changed = tableOf('What was changed of what was extended', parents, [
    pathColumn,
    textColumn<Settings['parents'][number]>('By', ({ source }) => source),
    textColumn<Settings['parents'][number]>('Before', ({ before }) => code(before)),
    textColumn<Settings['parents'][number]>('After', ({ after }) => code(after)),
  ]);
  if (report.run.importedFrom !== undefined) return decisionSection(yaml);
  return markup`<section aria-labelledby="configuration">
    <h2 id="configuration">Configuration</h2>
    <h3>What the variants differ in</h3>
    <div class="card">
      ${differences.length > 0 ? table(variants) : 'Nothing: they are the same network, trained the same way.'}
    </div>
    ${
      parents.length > 0
        ? markup`<h3>What was changed of what it extends</h3>
    <div class="card">${table(changed)}</div>`
        : ''
    }
    <h3>What is not a default</h3>
    <div class="card">${table(set)}</div>
    <details class="card">
      <summary>The whole configuration, as frozen before the run</summary>
      <pre tabindex="0">${yaml}</pre>
    </details>
  </section> `;
}

/** Of an imported run: its configuration says what is compared, and nothing of networks and training. */
function decisionSection(yaml: string): Markup {
  return markup`<section aria-labelledby="configuration">
    <h2 id="configuration">Configuration</h2>
    <p>What is compared, as frozen when the results were imported. How they were made is unknown.</p>
    <div class="card"><pre tabindex="0">${yaml}</pre></div>
  </section> `;
}

/** The run's provenance. */
export function provenanceSection({ report }: PageContext): Markup {
  return markup`<section aria-labelledby="provenance">
    <h2 id="provenance">Provenance</h2>
    <p>
      Recorded ${report.run.importedFrom === undefined ? 'before the run' : 'at the import'}. <code>lockstep verify</code> recomputes what can be recomputed and
      holds every file against its checksum.
    </p>
    <div class="card">
      ${table(
        tableOf('Provenance', report.provenance, [
          textColumn('What', ({ name }) => name),
          textColumn('Recorded', ({ value }) => ({ text: value, as: 'code' })),
        ]),
      )}
    </div>
  </section> `;
}
