import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../files/read.js';
import { LockstepError } from '../protocol/index.js';
import type { Provenance } from '../run/manifest.js';
import { reportJson } from '../report/report-schema.js';
import { reportOfRun } from '../report/read-report.js';
import type { ReportDocument, ReportMaker } from '../report/report-schema.js';
import { readRunManifest, trialFolderName } from '../run/run-directory.js';
import type { Findings } from './findings.js';
import type { VerifiedTrial } from './verify-trial.js';

interface ReportAudit {
  /** Whether the dataset is here; without it, the part about predictions is not recomputed. */
  readonly hasData: boolean;
  /** As they were found. */
  readonly trials: readonly VerifiedTrial[];
  /** This installation. */
  readonly lockstep: Provenance['lockstep'];
}

/**
 * Makes every `report*.json` again from the logs and compares it byte by byte, unless its sources already
 * differ or the run has continued since. For a report that another Lockstep wrote, everything but the
 * wording is compared.
 */
export async function checkReports(
  runFolder: string,
  { hasData, trials, lockstep }: ReportAudit,
  findings: Findings,
): Promise<void> {
  const names = (await readdir(runFolder)).filter((name) => /^report.*\.json$/.test(name)).sort();
  let sound = findings.total === 0;
  for (const file of names) {
    const text = (await readText(join(runFolder, file)).catch(() => undefined)) ?? '';
    const recorded = parse(text);
    const metric = recorded?.decision?.metric;
    if (recorded === undefined || typeof metric !== 'string') {
      findings.differ({ file }, 'file', 'a report', text);
      continue;
    }
    if (lostTrials(file, recorded, trials, findings)) sound = false;
    if (!hasData && recorded.predictions?.length !== 0) {
      findings.note(`${file} was not made anew, as the dataset of its predictions is not here`);
      continue;
    }
    if (!sound) {
      findings.note(`${file} was not made anew, as what it is made from differs`);
      continue;
    }
    let expected: ReportDocument;
    try {
      expected = await reportOfRun(runFolder, lockstep, { metric });
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      findings.differ({ file }, 'report', 'a run to make it from', error.message);
      continue;
    }
    findings.count('reports made anew');
    if (reportJson(expected) === text) continue;
    if ((await earlierPlans(runFolder)).includes(trialsOf(recorded).length)) {
      findings.note(`${file} was made before seeds were added to the run`);
      continue;
    }
    if (madeEarlier(recorded)) {
      findings.note(`${file} was made before the run went on: \`lockstep report\` renews it`);
      continue;
    }
    if (!isSameMaker(recorded.madeBy, expected.madeBy)) {
      if (findings.same({ file }, 'report', withoutWords(expected), withoutWords(recorded))) {
        findings.note(`${file} was worded by ${makerText(recorded.madeBy)}; its numbers are right`);
      }
      continue;
    }
    if (findings.same({ file }, 'report', plain(expected), recorded)) {
      findings.differ({ file }, 'text', 'the report as it is written', 'other white space');
    }
  }
}

/** Names trials whose end is in a report although nothing is left of them. */
function lostTrials(
  file: string,
  recorded: Partial<ReportDocument>,
  found: readonly VerifiedTrial[],
  findings: Findings,
): boolean {
  const ended = new Map(
    trialsOf(recorded)
      .filter(({ state }) => state === 'completed' || state === 'diverged')
      .map(({ index, state }) => [index, state]),
  );
  const lost = found.filter(({ trial, state }) => state === 'not started' && ended.has(trial));
  for (const { trial } of lost) {
    const place = { file: `trials/${trialFolderName(trial)}` };
    findings.differ(place, 'folder', `a trial that ${ended.get(trial)}, as ${file} says`, 'none');
  }
  return lost.length > 0;
}

/** How many trials the run had before each time that seeds were added. */
async function earlierPlans(runFolder: string): Promise<number[]> {
  const { trials, extensions = [] } = await readRunManifest(runFolder);
  return extensions.map((_, at) => {
    const added = extensions.slice(at).flatMap(({ seeds }) => seeds);
    return trials.filter(({ seed }) => !added.includes(seed)).length;
  });
}

/** Whether some trial had not ended and so may have continued. */
function madeEarlier(recorded: Partial<ReportDocument>): boolean {
  return trialsOf(recorded).some(
    ({ state }) => !['completed', 'diverged', 'dropped'].includes(state),
  );
}

function trialsOf({ trials }: Partial<ReportDocument>): ReportDocument['trials'] {
  return Array.isArray(trials) ? (trials as ReportDocument['trials']) : [];
}

function parse(text: string): Partial<ReportDocument> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSameMaker(one: ReportMaker | undefined, other: ReportMaker): boolean {
  return one?.version === other.version && one.commit === other.commit;
}

function makerText(maker: ReportMaker | undefined): string {
  if (maker === undefined) return 'an earlier Lockstep';
  const { version, commit } = maker;
  return `Lockstep ${version}${commit === undefined ? '' : `, commit ${commit}`}`;
}

/** After a round trip through JSON. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}

/** Keys whose wording may differ in another version; the manifest has the last two. */
const words = new Set(['madeBy', 'sentence', 'because', 'alt', 'config', 'provenance']);

function withoutWords(report: object): object {
  const text = JSON.stringify(report, (key, value: unknown) =>
    words.has(key) ? undefined : value,
  );
  return JSON.parse(text) as object;
}
