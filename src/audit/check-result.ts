import { readText } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import { trialResult } from '../run/result.js';
import type { CheckedLog } from './check-log.js';
import type { TrialAudit } from './findings.js';

/** Makes the result from the log again and compares it with `result.json` byte by byte. */
export async function checkResult(audit: TrialAudit, log: CheckedLog): Promise<void> {
  const { files, findings, at, trial } = audit;
  const place = at('result.json');
  const text = await readText(files.result).catch(() => undefined);
  const due = log.end?.outcome === 'completed' || log.end?.outcome === 'diverged';
  if (text === undefined || !due) {
    if (text !== undefined) findings.differ(place, 'file', 'none, as the trial is not done', 'one');
    return;
  }
  let expected: object;
  try {
    expected = trialResult(log.records, { point: trial.point });
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'result', 'a log to draw it from', error.message);
    return;
  }
  findings.count('results recomputed');
  if (jsonText(expected) === text) return;
  const got = parse(text);
  if (got === undefined) findings.differ(place, 'file', 'JSON', text);
  else if (findings.same(place, 'result', JSON.parse(JSON.stringify(expected)), got)) {
    findings.differ(place, 'text', 'the result as it is written', 'other spelling or white space');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
