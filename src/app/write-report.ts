import { join } from 'node:path';
import { writeAtomic } from '../files/write-atomic.js';
import { LockstepError, serializeError } from '../protocol/index.js';
import { renderReportPage } from '../report/html/page.js';
import { reportOfRun } from '../report/read-report.js';
import { reportJson } from '../report/report-schema.js';
import type { ReportDocument } from '../report/report-schema.js';
import { collectProvenance } from '../run/provenance.js';
import { sealRun } from '../run/seal.js';

export interface WrittenReport {
  readonly document: ReportDocument;
  /** The document as JSON. */
  readonly json: string;
  /** Paths by format; empty where they could not be written. */
  readonly files: Readonly<Record<string, string>>;
  /** Why they could not be drawn or written, for instance into a read-only folder. */
  readonly unwritten?: LockstepError | undefined;
}

/**
 * Makes the report of a run, and writes it to the run's folder as HTML and JSON.
 * @param runFolder absolute
 * @param metric default: the one fixed before the run
 * @throws LockstepError `usage` without a manifest, or for a metric that the run did not measure
 */
export async function writeReport(runFolder: string, metric?: string): Promise<WrittenReport> {
  const { lockstep } = await collectProvenance([]);
  const document = await reportOfRun(runFolder, lockstep, { metric });
  const json = reportJson(document);
  // A report on another metric must not replace that on the fixed one.
  const { exploratory, metric: reported } = document.decision;
  const name = exploratory ? `report-${reported.replaceAll(/[^\w.-]+/g, '-')}` : 'report';
  const files = { html: join(runFolder, `${name}.html`), json: join(runFolder, `${name}.json`) };
  try {
    const page = await renderReportPage(document);
    await writeAtomic(files.json, json);
    await writeAtomic(files.html, page);
    await sealRun(runFolder);
  } catch (error) {
    return { document, json, files: {}, unwritten: notWritten(error) };
  }
  return { document, json, files };
}

/** The verdict is known: a fault in drawing the page must not hide it. */
function notWritten(cause: unknown): LockstepError {
  if (cause instanceof LockstepError) return cause;
  return new LockstepError('bug', `the report was not written: ${serializeError(cause).message}`, {
    cause,
    hint: 'The verdict above stands; `lockstep report --json` prints all of the report.',
  });
}

/**
 * @throws LockstepError `verification` unless the report's every comparison came out as `gate` says; `usage`
 * for a report without a verdict
 */
export function passGate({ headline, decision, variance }: ReportDocument, gate: string): void {
  if (variance) {
    throw new LockstepError(
      'usage',
      `--gate: expected a run with a verdict, got a decomposition of variance`,
      { hint: 'Its trials share random streams; run `lockstep run --seeds 1..10` for a verdict.' },
    );
  }
  const expected = `--gate: expected the verdict ${gate}`;
  if (decision.exploratory) {
    throw new LockstepError(
      'verification',
      `${expected} by ${decision.registered}, got an exploratory report of ${decision.metric}`,
      { hint: 'Only the metric fixed before the run can pass a gate: leave out --metric.' },
    );
  }
  if (headline.decision !== gate) {
    throw new LockstepError('verification', `${expected}, got ${headline.decision}`, {
      hint: headline.sentence,
    });
  }
  if (headline.provisional) {
    throw new LockstepError(
      'verification',
      `${expected} with all planned pairs, got some missing`,
      { hint: 'Finish the run with `lockstep resume`, or run the planned number of seeds.' },
    );
  }
}
