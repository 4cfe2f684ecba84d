import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { reportJson } from '../report/report-json.js';
import { reportOfRun } from '../report/report-run.js';
import type { ReportDocument } from '../report/report-schema.js';
import type { Findings } from './findings.js';

/**
 * Makes every `report*.json` anew from the logs and compares it, to the byte; but not when what it is
 * made from differs already, nor a report of a run that has gone on since.
 * @param data whether the dataset is here, without which what is said of predictions is not redone
 */
export async function checkReports(
  runFolder: string,
  data: boolean,
  findings: Findings,
): Promise<void> {
  const names = (await readdir(runFolder)).filter((name) => /^report.*\.json$/.test(name)).sort();
  const sound = findings.total === 0;
  for (const file of names) {
    const text = await readFile(join(runFolder, file), 'utf8');
    const recorded = parse(text);
    const metric = recorded?.decision?.metric;
    if (recorded === undefined || typeof metric !== 'string') {
      findings.differ({ file }, 'file', 'a report', text);
      continue;
    }
    if (!data && recorded.predictions?.length !== 0) {
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

/** Whether some trial had not ended, and so may have gone on. */
function madeEarlier({ trials }: Partial<ReportDocument>): boolean {
  return (
    Array.isArray(trials) &&
    (trials as ReportDocument['trials']).some(
      ({ state }) => state !== 'completed' && state !== 'diverged',
    )
  );
}

function parse(text: string): Partial<ReportDocument> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
