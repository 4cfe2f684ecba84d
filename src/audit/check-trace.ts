import { existsSync } from 'node:fs';
import { readLines } from '../files/lines.js';
import type { CheckedLog } from './check-log.js';
import type { TrialAudit } from './findings.js';

/** Compares every line of `trace.ndjson` with the recomputed minibatches, byte by byte. */
export async function checkTrace(audit: TrialAudit, { lastStep }: CheckedLog): Promise<void> {
  const { manifest, files, findings, at, data } = audit;
  if (!existsSync(files.trace)) {
    if (manifest.trace) findings.differ(at('trace.ndjson'), 'file', 'a trace', 'none');
    return;
  }
  let step = 0;
  for await (const { text, number, whole } of readLines(files.trace)) {
    const place = at('trace.ndjson', number);
    if (!whole) {
      findings.note(`${place.file}: its last line, ${number}, is torn and not counted`);
      return;
    }
    step += 1;
    if (data === undefined) continue;
    const expected = JSON.stringify({ step, indices: [...data.minibatch(step).indices] });
    findings.same(place, `line of step ${step}`, expected, text);
    findings.count('trace lines');
  }
  // The trace is written first, so a killed trial may have one line more.
  if (step !== lastStep && step !== lastStep + 1) {
    findings.differ(at('trace.ndjson'), 'lines', lastStep, step);
  }
}
