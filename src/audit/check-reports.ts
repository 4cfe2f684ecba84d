import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { reportJson } from '../report/report-json.js';
import { reportOfRun } from '../report/report-run.js';
import type { ReportDocument } from '../report/report-schema.js';
import { trialFolderName } from '../run/run-directory.js';
import type { Findings } from './findings.js';
import type { VerifiedTrial } from './verify-trial.js';

/**
 * Makes every `report*.json` anew from the logs and compares it, to the byte; but not when what it is
 * made from differs already, nor a report of a run that has gone on since.
 * @param hasData whether the dataset is here, without which what is said of predictions is not redone
 * @param trials as they were found
 */
export async function checkReports(
  runFolder: string,
  { hasData, trials }: { readonly hasData: boolean; readonly trials: readonly VerifiedTrial[] },
  findings: Findings,
): Promise<void> {
  const names = (await readdir(runFolder)).filter((name) => /^report.*\.json$/.test(name)).sort();
  let sound = findings.total === 0;
  for (const file of names) {
    const text = await readFile(join(runFolder, file), 'utf8');
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
    let expected: string;
    try {
      expected = reportJson(await reportOfRun(runFolder, metric));
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      findings.differ({ file }, 'report', 'a run to make it from', error.message);
      continue;
    }
    findings.count('reports made anew');
    if (expected === text) continue;
    if (madeEarlier(recorded)) {
      findings.note(`${file} was made before the run went on: \`lockstep report\` renews it`);
      continue;
    }
    if (findings.same({ file }, 'report', JSON.parse(expected), recorded)) {
      findings.differ({ file }, 'text', 'the report as it is written', 'other white space');
    }
  }
}

/** Names trials whose end a report knows, and of which there is nothing any more. */
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

/** Whether some trial had not ended, and so may have gone on. */
function madeEarlier(recorded: Partial<ReportDocument>): boolean {
  return trialsOf(recorded).some(({ state }) => state !== 'completed' && state !== 'diverged');
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
