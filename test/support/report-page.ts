import { buildReport } from '../../src/report/build-report.js';
import { renderReportPage } from '../../src/report/html/page.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { trialCurves } from '../../src/report/trial-curves.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { readRecords } from '../../src/log/read.js';
import { readRun } from '../../src/run/read-run.js';
import { writeSyntheticRun } from './synthetic-run.js';
import type { SyntheticRun } from './synthetic-run.js';
import { withTemporaryFolder } from './temporary-folder.js';

/** The report of a made-up run. */
export function syntheticReport(options: SyntheticRun, metric?: string): Promise<ReportDocument> {
  return withTemporaryFolder(async (out) => {
    const folder = await writeSyntheticRun(out, options);
    const readCurves = (trial: number) => trialCurves(readRecords(trialFiles(folder, trial).log));
    return buildReport(await readRun(folder), readCurves, {
      madeBy: { version: '0.0.0' },
      metric,
    });
  });
}

/** Its page. */
export async function syntheticPage(options: SyntheticRun): Promise<string> {
  return renderReportPage(await syntheticReport(options));
}
