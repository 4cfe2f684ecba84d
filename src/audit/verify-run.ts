import { join, posix } from 'node:path';
import { readText } from '../files/read.js';
import { LockstepError } from '../protocol/index.js';
import { readRun } from '../run/read-run.js';
import { sparedTrials } from '../run/spared-trials.js';
import { readForcedResumes } from '../run/resumes.js';
import { isRunFile, sealedRunFiles } from '../run/seal.js';
import type { Manifest, Provenance } from '../run/manifest.js';
import { isImported, trialFiles, trialFolderName } from '../run/run-directory.js';
import { planTrial } from '../trial/plan.js';
import { compareChecksums } from './check-checksums.js';
import { checkManifest } from './check-manifest.js';
import { checkReports } from './check-reports.js';
import { checkStrays } from './check-strays.js';
import { checkData, checkExamples, noteOwnCode, noteVersions } from './check-provenance.js';
import { Findings } from './findings.js';
import type { Difference } from './findings.js';
import type { MovedData } from '../run/moved-data.js';
import { recomputeMinibatches } from './recompute-minibatches.js';
import { dataSources, sourceKey } from '../run/data-sources.js';
import { verifyImported } from './verify-imported.js';
import { verifyTrial } from './verify-trial.js';
import type { VerifiedTrial } from './verify-trial.js';

export const verificationSchemaVersion = 1;

/** The findings of an audit of a run; plain data. */
export interface Verification {
  readonly schemaVersion: typeof verificationSchemaVersion;
  /** Absent when the manifest cannot be read. */
  readonly runId?: string | undefined;
  /** Whether nothing differs. */
  readonly verified: boolean;
  readonly trials: readonly VerifiedTrial[];
  /** How many of what was checked, for instance `{ 'log records': 54 }`. */
  readonly checked: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** How many recorded facts differ, and the first ones of them. */
  readonly differing: number;
  readonly differences: readonly Difference[];
}

/**
 * Recomputes from a run's manifest all that follows from it and holds every file against that, against
 * the others and against its checksum. Reads only; needs no engine.
 * @param here this installation, to note where another one trained
 * @param moved where datasets are, if not where the configuration says
 * @throws LockstepError `usage` when the folder has no manifest and when `moved` does not fit its datasets,
 * `data` when there is no dataset where `moved` says
 */
export async function verifyRun(
  runFolder: string,
  here: Provenance,
  moved: MovedData = { asked: [], cwd: '.' },
): Promise<Verification> {
  const findings = new Findings();
  const atRun = (file: string) => ({ file });
  const sums = await compareChecksums(
    runFolder,
    await sealedRunFiles(runFolder).catch(() => []),
    isRunFile,
    atRun,
    findings,
  );
  const text = await readText(join(runFolder, 'manifest.json')).catch(() => undefined);
  const imported = text !== undefined && isImported(text) ? text : undefined;
  const trained = imported === undefined ? await checkManifest(runFolder, findings) : undefined;
  // Before what follows from it.
  sums.report('manifest.json');
  const { manifest, trials, hasData } =
    imported === undefined
      ? await verifyTrained(runFolder, trained, { here, moved }, findings)
      : await verifyImported(runFolder, imported, moved, findings);
  if (manifest !== undefined) {
    await checkReports(runFolder, { hasData, trials, lockstep: here.lockstep }, findings);
    await checkStrays(runFolder, manifest, findings);
    await noteForcedResumes(runFolder, findings);
  }
  sums.reportRest();
  if (!sums.sealed) findings.differ(atRun('SHA256SUMS'), 'file', "the run's list", 'none');
  return {
    schemaVersion: verificationSchemaVersion,
    runId: manifest?.runId,
    verified: findings.total === 0,
    trials,
    checked: Object.fromEntries(findings.checked),
    notes: findings.notes,
    differing: findings.total,
    differences: findings.differences,
  };
}

/** What is recomputed of a run that was trained here. */
async function verifyTrained(
  runFolder: string,
  manifest: Manifest | undefined,
  { here, moved }: { readonly here: Provenance; readonly moved: MovedData },
  findings: Findings,
) {
  const trials: VerifiedTrial[] = [];
  let hasData = false;
  if (manifest !== undefined) {
    noteVersions(manifest, here, findings);
    await noteOwnCode(manifest, findings);
    const datasets = await checkData(manifest, moved, findings);
    checkExamples(manifest, datasets, findings);
    const areAllHere = datasets.size === dataSources(manifest.config).length;
    hasData = areAllHere && moved.asked.length === 0;
    const recomputed = new Map(
      [...datasets].map(([key, dataset]) => [key, recomputeMinibatches(dataset)]),
    );
    const spared = await readSpared(runFolder);
    for (const trial of manifest.trials) {
      const plan = planTrial(manifest, trial);
      const { config } = plan;
      const files = trialFiles(runFolder, trial.index);
      const folder = `trials/${trialFolderName(trial.index)}`;
      const data = recomputed.get(sourceKey(config.data))?.(plan);
      const at = (file: string, line?: number, seq?: number) => ({
        // A trial's list names the manifest from where it stands.
        file: posix.normalize(`${folder}/${file}`),
        ...(line !== undefined && { line }),
        ...(seq !== undefined && { seq }),
      });
      const audit = { manifest, trial, plan, config, files, data, findings, at };
      const isSpared = spared.has(trial.index);
      trials.push(standingInRace(await verifyTrial(audit), isSpared, findings));
    }
  }
  return { manifest, trials, hasData };
}

/** The trials that need not run by the results there are, which are audited one by one. */
async function readSpared(runFolder: string): Promise<ReadonlySet<number>> {
  try {
    const { manifest, trials } = await readRun(runFolder);
    return sparedTrials(manifest, (index) => trials[index]);
  } catch (error) {
    // What cannot be read is named where it is checked.
    if (!(error instanceof LockstepError)) throw error;
    return new Set();
  }
}

function standingInRace(
  verified: VerifiedTrial,
  isSpared: boolean,
  findings: Findings,
): VerifiedTrial {
  if (!isSpared) return verified;
  if (verified.state === 'not started') return { ...verified, state: 'dropped' };
  findings.note(
    `trial ${verified.trial} was run although the results before it made it needless: it does not count`,
  );
  return verified;
}

/** Notes forced resumes: the numbers after one do not follow from the manifest alone. */
async function noteForcedResumes(runFolder: string, findings: Findings): Promise<void> {
  try {
    for (const { trials, changes } of await readForcedResumes(runFolder)) {
      if (changes.length === 0) continue;
      const what = changes.map((change) => change.what).join(', ');
      findings.note(`resumed with --force after a change of ${what}: trials ${trials.join(', ')}`);
    }
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const file = 'resumes.ndjson';
    findings.differ({ file }, 'file', 'records of forced resumes', error.message);
  }
}
