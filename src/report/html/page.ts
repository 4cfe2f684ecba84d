import { headlineWord } from '../headline.js';
import { extentTexts } from '../extent.js';
import { createHash } from 'node:crypto';
import type { ReportDocument } from '../report-schema.js';
import { count } from '../../text/numbers.js';
import { comparisonsSection } from './comparisons-section.js';
import { configSection, provenanceSection } from './config-section.js';
import { pageContext } from './context.js';
import { dataSetsSection } from './data-sets-section.js';
import { earlyStoppingSection } from './early-stopping-section.js';
import { curvesSection } from './curves-section.js';
import { Markup, markup } from './markup.js';
import { paperSection } from './paper-section.js';
import { pairsSection } from './pairs-section.js';
import { predictionsSection } from './predictions-section.js';
import { raceSection } from './race-section.js';
import { script } from './script.js';
import { sequenceSection } from './sequence-section.js';
import { statisticsSection } from './statistics-section.js';
import { style } from './style.js';
import { sweepSection } from './sweep-section.js';
import { trialsSection } from './trials-section.js';
import { varianceSection } from './variance-section.js';
import { verdictSection } from './verdict-section.js';

const list = new Intl.ListFormat('en');

/** Without a sweep's curves there is nothing to tell its points by: then the first ones are shown. */
function shownInFull({ comparisons, curves }: ReportDocument) {
  const points = new Set(curves.map(({ point }) => point));
  const shown = comparisons.filter(({ point }) => points.size === 0 || points.has(point));
  return shown.slice(0, 6);
}

/** What a page shows of a report. */
export interface ReportParts {
  readonly title: string;
  /** Variants, day, engine and extent. */
  readonly heading: Markup;
  /** Links to the sections. */
  readonly navigation: Markup;
  readonly verdict: Markup;
  /** All other sections. */
  readonly sections: Markup;
}

export async function reportParts(report: ReportDocument): Promise<ReportParts> {
  const context = pageContext(report);
  const full = shownInFull(report);
  const sections = [
    { id: 'comparisons', name: 'Comparisons', body: await comparisonsSection(context) },
    { id: 'variance', name: 'Variance', body: await varianceSection(context) },
    { id: 'data-sets', name: 'Data sets', body: await dataSetsSection(context) },
    { id: 'looks', name: 'Looks', body: await sequenceSection(context, full) },
    { id: 'pairs', name: 'Pairs', body: await pairsSection(context, full) },
    { id: 'training', name: 'Training', body: await curvesSection(context) },
    { id: 'early-stopping', name: 'Early stopping', body: earlyStoppingSection(context) },
    { id: 'race', name: 'Race', body: await raceSection(context) },
    { id: 'sweep', name: 'Sweep', body: await sweepSection(context) },
    { id: 'statistics', name: 'Statistics', body: statisticsSection(context, full) },
    { id: 'paper', name: 'For your paper', body: paperSection(context) },
    { id: 'predictions', name: 'Predictions', body: await predictionsSection(context, full) },
    { id: 'trials', name: 'Trials', body: trialsSection(context) },
    { id: 'configuration', name: 'Configuration', body: configSection(context) },
    { id: 'provenance', name: 'Provenance', body: provenanceSection(context) },
  ].filter(({ body }) => body !== undefined);
  const { run, variants } = report;
  return {
    title: `${run.name}: ${headlineWord(report.headline)}`,
    heading: markup`<h1>${run.name}: ${list.format(variants.map(({ label }) => label))}</h1>
      <p>
        ${run.createdAt.slice(0, 10)} · ${extentTexts(report).join(' · ')} · ${count(report.trials.length, 'trial')} · <code>${run.runId}</code>
      </p>`,
    navigation: markup`<nav aria-label="Sections">
      <ul>
        <li><a href="#verdict">Verdict</a></li>
        ${sections.map(({ id, name }) => markup`<li><a href="#${id}">${name}</a></li> `)}
      </ul>
    </nav>`,
    verdict: verdictSection(context),
    sections: markup`${sections.map(({ body }) => body)}`,
  };
}

/**
 * The whole report as one HTML file that loads nothing: it contains style, script and drawings, and its
 * content security policy forbids everything else, so that not even a hostile label could run anything.
 */
export async function renderReportPage(report: ReportDocument): Promise<string> {
  const { madeBy } = report;
  const { title, heading, navigation, verdict, sections } = await reportParts(report);
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${report.headline.sentence}" />
        <title>${title} · Lockstep</title>
        <style>${new Markup(style)}</style>
      </head>
      <body>
        <a class="skip" href="#verdict">Skip to the verdict</a>
        <header>
          ${heading} ${navigation}
        </header>
        <main>${verdict} ${sections}</main>
        <footer>
          Made by Lockstep ${madeBy.version}${madeBy.commit === undefined ? '' : ` (${madeBy.commit.slice(0, 7)})`} from the run's own
          files; the same run gives the same report. The same content as data is in report.json.
        </footer>
        <script>${new Markup(script)}</script>
      </body>
    </html>
`;
  return page.text;
}
