import { predictionSectionReader } from '../predictions/read-sections.js';
import { readRecords } from '../log/read.js';
import { readRun } from '../run/read-run.js';
import { variantSpecs } from '../config/variants.js';
import type { Provenance } from '../run/manifest.js';
import { describeDataChanges, readForcedResumes } from '../run/resumes.js';
import { trialFiles } from '../run/run-directory.js';
import type { RunManifest } from '../run/run-directory.js';
import { buildReport } from './build-report.js';
import type { ReportDocument } from './report-schema.js';
import { importedCurves, trialCurves } from './trial-curves.js';

/** Variants whose minibatches nothing proves to be those of the others. */
function unprovenNotes(manifest: RunManifest): string[] {
  if (manifest.kind !== undefined) return [];
  return variantSpecs(manifest.config).flatMap(({ label, program }) =>
    program?.feed === 'none'
      ? [
          `the program of ${label} reads its own data, so its minibatches are not proven to be those of the others`,
        ]
      : [],
  );
}

export interface RunReportOptions {
  /** Default: the one fixed before the run. */
  readonly metric?: string | undefined;
  /** Whether to read the data set, for what rests on predictions. Default: true. */
  readonly readsData?: boolean;
}

/**
 * The report of a run's folder, read trial by trial.
 * @param lockstep this installation
 * @throws LockstepError `usage` without a manifest or for a metric the run did not measure
 */
export async function reportOfRun(
  runFolder: string,
  lockstep: Provenance['lockstep'],
  { metric, readsData = true }: RunReportOptions = {},
): Promise<ReportDocument> {
  const run = await readRun(runFolder);
  const { manifest } = run;
  const readCurves = (trial: number) => {
    const { log, curves } = trialFiles(runFolder, trial);
    return manifest.kind === undefined
      ? trialCurves(readRecords(log, { undisturbed: true }))
      : importedCurves(curves);
  };
  const { version, commit } = lockstep;
  const madeBy = { version, ...(commit !== undefined && { commit }) };
  const forced = describeDataChanges(await readForcedResumes(runFolder));
  const notes = [...(forced === undefined ? [] : [forced]), ...unprovenNotes(manifest)];
  return buildReport(run, readCurves, {
    ...{ madeBy, metric, notes },
    ...(readsData &&
      manifest.kind === undefined && {
        readPredictions: predictionSectionReader(runFolder, manifest.config),
      }),
  });
}
