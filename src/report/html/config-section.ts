import type { PageContext } from './context.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { table } from './table.js';

/** JSON with spaces, so that long lists can be broken between their parts. */
function spaced(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 1).replaceAll(/\n\s*/g, ' ');
}

/** What the variants differ in, what was set, and the whole configuration. */
export function configSection({ report, labels }: PageContext): Markup {
  const { parents, differences, settings, yaml } = report.config;
  const code = (json: string | null | undefined) =>
    json === null || json === undefined ? '–' : markup`<code>${spaced(json)}</code>`;
  const variants = table({
    caption: 'What the variants differ in',
    head: ['Setting', ...labels.values()],
    words: [...labels.keys()].map((_, index) => index + 1),
    rows: differences.map(({ path, values }) => [
      markup`<code>${path}</code>`,
      ...[...labels.keys()].map((name) => code(values[name])),
    ]),
  });
  const set = table({
    caption: 'Settings that are not defaults',
    head: ['Setting', 'Value', 'Default'],
    words: [1, 2],
    rows: settings.map(({ path, value, default: standard }) => [
      markup`<code>${path}</code>`,
      code(value),
      standard === null ? 'none' : code(standard),
    ]),
  });
  const changed = table({
    caption: 'What was changed of what was extended',
    head: ['Setting', 'By', 'Before', 'After'],
    words: [1, 2, 3],
    rows: parents.map(({ path, source, before, after }) => [
      markup`<code>${path}</code>`,
      source,
      code(before),
      code(after),
    ]),
  });
  return markup`<section aria-labelledby="configuration">
    <h2 id="configuration">Configuration</h2>
    <h3>What the variants differ in</h3>
    <div class="card">
      ${differences.length > 0 ? variants : 'Nothing: they are the same network, trained the same way.'}
    </div>
    ${
      parents.length > 0
        ? markup`<h3>What was changed of what it extends</h3>
    <div class="card">${changed}</div>`
        : ''
    }
    <h3>What is not a default</h3>
    <div class="card">${set}</div>
    <details class="card">
      <summary>The whole configuration, as frozen before the run</summary>
      <pre tabindex="0">${yaml}</pre>
    </details>
  </section> `;
}
