import { Markup, markup } from '../../report/html/markup.js';
import type { Content } from '../../report/html/markup.js';
import { table } from '../../report/html/table.js';
import { diffRuns } from '../../report/run-diff.js';
import type { RunOverview } from '../../report/run-overview.js';
import type { Run } from '../../run/read-run.js';
import { count, plural, signed } from '../../text/numbers.js';
import { tableOf, textColumn } from '../../text/table.js';
import type { IndexedRun } from './run-index.js';
import { isRendered } from './reports.js';
import type { RenderReply } from './report-program.js';

interface Page {
  readonly title: string;
  /** Attributes of `<body>`. */
  readonly body?: Markup;
  readonly header: Markup;
  readonly main: Markup;
}

function page({ title, body = markup``, header, main }: Page): string {
  return markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · Lockstep</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/style.css" />
    <script src="/page.js" defer></script>
    <script src="/report.js" defer></script>
  </head>
  <body ${body}>
    <a class="skip" href="#content">Skip to the content</a>
    <header>${header}</header>
    <main id="content">${main}</main>
    <footer>Served by Lockstep from the runs' own files. Nothing is sent anywhere.</footer>
  </body>
</html>
`.text;
}

/** A run as an address has it. */
export function pathOf(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** All runs, newest first. @param start where a run can be started */
export function listPage(runs: readonly IndexedRun[], start?: Markup): string {
  return page({
    title: count(runs.length, 'run'),
    body: markup`data-page="list"`,
    header: markup`<h1>Runs</h1>
      <p id="count" role="status">${count(runs.length, 'run')}</p>`,
    main: markup`${start}<form class="controls" action="/compare" id="compare">
        <label class="needs-script">Search <input type="search" id="search" autocomplete="off" /></label>
        <button>Compare the two that are chosen</button>
      </form>
      <div class="scroll" role="region" tabindex="0" aria-label="Table: runs">
        <table id="runs">
          <caption class="unseen">Runs, newest first</caption>
          <thead>
            <tr>
              <th scope="col"><span class="unseen">Compare</span></th>
              ${['Run', 'State', 'Trials', 'Furthest ahead', 'Created'].map(
                (title, index) =>
                  markup`<th scope="col" class="${index === 2 ? 'number' : 'word'}">${title}</th>`,
              )}
            </tr>
          </thead>
          <tbody>${listRows(runs)}</tbody>
        </table>
      </div>`,
  });
}

/** The rows of the list: what a page takes when they have changed. */
export function listRows(runs: readonly IndexedRun[]): Markup {
  return markup`${runs.map(row)}`;
}

function row({ id, createdAt, overview, damage }: IndexedRun): Markup {
  return markup`<tr data-id="${id}">
    <td><input type="checkbox" name="run" form="compare" value="${id}" aria-label="Compare ${id}" /></td>
    <th scope="row"><a href="${pathOf(id)}">${id}</a></th>
    ${
      overview === undefined
        ? markup`<td class="word" colspan="3">${damage === undefined ? 'being read …' : `cannot be read: ${damage}`}</td>`
        : markup`<td class="word">${overview.state}</td>
          <td class="number">${overview.completed}/${overview.planned}</td>
          <td class="word">${furthest(overview)}</td>`
    }
    <td class="word">${createdAt.replace('T', ' ').replace(/\..*$/, '')}</td>
  </tr> `;
}

function furthest({ best, metric }: RunOverview): Content {
  if (best === null) return '–';
  const where = best.point === '' ? '' : ` at ${best.point}`;
  return `${signed(best.mean.toFixed(5)).replace('-', '−')} ${metric}, ${best.challenger}${where}`;
}

/**
 * A run: its state, its curves where there is a script, and its report.
 * @param report undefined while it is being made
 * @param controls to start and stop it; absent: it can only be looked at
 */
export function runPage(
  run: IndexedRun,
  report: RenderReply | undefined,
  controls?: Markup,
): string {
  const { id, overview, damage } = run;
  const parts = reportPlaces(run, report);
  return page({
    title: id,
    body: markup`data-page="run" data-run="${id}"`,
    header: markup`<p><a href="/">All runs</a></p>
      <div id="heading">${parts.heading}</div>
      <p class="state" id="state" role="status">${overview ? stateText(overview) : damage}</p>`,
    main: markup`<div id="control">${controls}</div>
      <div id="verdict-place">${parts.verdict}</div>
      <section id="live" class="needs-script" aria-labelledby="curves" hidden>
        <h2 id="curves">Curves</h2>
        <div class="controls needs-script">
          <label>Measure <select id="measure"></select></label>
          <label><input type="checkbox" id="log" /> Logarithmic scale</label>
          <button type="button" id="whole">Show the whole course</button>
        </div>
        <div class="plot chart" id="chart"></div>
        <p>Drag over the plot to look closer; point at it for exact values.</p>
        <div class="scroll" role="region" tabindex="0" aria-label="Table: trials, live"><table id="live-trials"></table></div>
      </section>
      <div id="sections">${parts.sections}</div>
      <section aria-labelledby="files">
        <h2 id="files">Files</h2>
        <p><a href="${pathOf(id)}/files/manifest.json">manifest.json</a> · <a href="${pathOf(id)}/report.json">report.json</a> · <a href="${pathOf(id)}/files">all files</a></p>
      </section>`,
  });
}

function stateText({ state, completed, planned }: RunOverview): Markup {
  return markup`<strong>${state}</strong> <span>${completed} of ${count(planned, 'trial')} completed</span>`;
}

/** What a page shows of a run's report, and takes when that has changed. */
export interface ReportPlaces {
  readonly heading: Markup;
  readonly verdict: Markup;
  readonly sections: Markup;
}

/** @param report undefined while it is being made */
export function reportPlaces(
  { id, overview, damage }: IndexedRun,
  report: RenderReply | undefined,
): ReportPlaces {
  const heading = markup`<h1>${id}</h1>`;
  const sections = markup``;
  if (overview === undefined) {
    return { heading, sections, verdict: markup`<p>This run cannot be read: ${damage}</p>` };
  }
  if (report === undefined) {
    const verdict = markup`<p class="needs-script" role="status">The report is being made…</p>
      <noscript><p><a href="?report=wait">Wait for the report</a></p></noscript>`;
    return { heading, sections, verdict };
  }
  if (!isRendered(report)) {
    return { heading, sections, verdict: markup`<p>There is no report: ${report.reason}</p>` };
  }
  const left = overview.planned - overview.completed;
  const interim = markup`<p class="card interim">
    <strong>Interim:</strong> ${left} of ${count(overview.planned, 'trial')} ${plural(left, 'has', 'have')} not
    completed. What stands here may change, and a decision made by looking early is not covered by alpha.
  </p>`;
  return {
    heading: new Markup(report.heading),
    verdict: markup`${overview.state === 'done' ? '' : interim} ${new Markup(report.verdict)}`,
    sections: markup`${new Markup(report.navigation)} ${new Markup(report.sections)}`,
  };
}

/** Two runs, one beside the other. */
export function comparePage(
  runs: readonly [Run, Run],
  reports: readonly [RenderReply, RenderReply],
): string {
  const ids = runs.map(({ manifest }) => manifest.runId);
  const differences = diffRuns(...runs);
  const shown = tableOf('differences of the two runs', differences, [
    textColumn('Key', ({ path }) => ({ text: path, as: 'code' })),
    ...ids.map((id, side) =>
      textColumn<(typeof differences)[number]>(id, ({ values }) => values[side] ?? '–'),
    ),
  ]);
  return page({
    title: `${ids[0]!} and ${ids[1]!}`,
    header: markup`<p><a href="/">All runs</a></p>
      <h1>Two runs compared</h1>`,
    main: markup`<div class="side">
        ${reports.map(
          (report, side) =>
            markup`<div>
              <h2><a href="${pathOf(ids[side]!)}">${ids[side]}</a></h2>
              ${isRendered(report) ? verdictOf(report.verdict, `${side === 0 ? 'first' : 'second'} run, ${ids[side]!}`) : markup`<p>${report.reason}</p>`}
            </div>`,
        )}
      </div>
      <h2>Differences</h2>
      ${differences.length === 0 ? markup`<p>The configurations and where they ran are the same.</p>` : table(shown)}`,
  });
}

/** A name must be there once, and what it names has to say which run it is of. */
function verdictOf(verdict: string, run: string): Markup {
  const label = markup`aria-label="Verdict of the ${run}"`;
  return new Markup(
    verdict.replace('aria-labelledby="verdict"', () => label.text).replace('id="verdict"', ''),
  );
}

/** The files of a run. */
export function filesPage(id: string, files: readonly string[]): string {
  return page({
    title: `Files of ${id}`,
    header: markup`<p><a href="/">All runs</a> · <a href="${pathOf(id)}">${id}</a></p>
      <h1>Files</h1>`,
    main: markup`<ul>
      ${files.map((file) => {
        const path = file.split('/').map(encodeURIComponent).join('/');
        return markup`<li><a href="${pathOf(id)}/files/${path}">${file}</a></li>`;
      })}
    </ul>`,
  });
}

/** An answer that is no page of a run. */
export function messagePage(title: string, text: Content): string {
  return page({
    title,
    header: markup`<p><a href="/">All runs</a></p><h1>${title}</h1>`,
    main: text instanceof Markup ? text : markup`<p>${text}</p>`,
  });
}
