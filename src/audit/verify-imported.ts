import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, posix, resolve } from 'node:path';
import { configHash } from '../config/hash.js';
import { parseJson, readText } from '../files/read.js';
import { jsonText } from '../files/write-atomic.js';
import { readResultsAgain } from '../import/read-results.js';
import type { Results } from '../import/read-results.js';
import { LockstepError } from '../protocol/index.js';
import { importedManifestFile } from '../run/imported-manifest.js';
import type { ImportedManifest } from '../run/imported-manifest.js';
import { readResult } from '../run/result.js';
import type { TrialResult } from '../run/result.js';
import { trialFiles, trialFolderName } from '../run/run-directory.js';
import { isSealedByTrial, sealedTrialFiles } from '../run/seal.js';
import { compareChecksums } from './check-checksums.js';
import type { Findings } from './findings.js';
import type { MovedData } from '../run/moved-data.js';
import type { VerifiedTrial } from './verify-trial.js';

const manifestPlace = { file: 'manifest.json' };

export interface VerifiedImport {
  readonly manifest: ImportedManifest | undefined;
  readonly trials: readonly VerifiedTrial[];
  /** Nothing of its reports rests on data. */
  readonly hasData: true;
}

/**
 * Holds an imported run against its checksums and, where its source is still here, against what the source gives
 * when it is read again. How the numbers were made cannot be checked, and notes say so.
 * @param text of manifest.json
 * @param moved where the source is, if not where it was
 */
export async function verifyImported(
  runFolder: string,
  text: string,
  { asked, cwd }: MovedData,
  findings: Findings,
): Promise<VerifiedImport> {
  let manifest: ImportedManifest;
  try {
    manifest = parseJson(text, 'manifest.json', importedManifestFile);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(manifestPlace, 'file', 'a manifest as it is written', error.message);
    return { manifest: undefined, trials: [], hasData: true };
  }
  findings.same(manifestPlace, 'configHash', configHash(manifest.config), manifest.configHash);
  const name = basename(await realpath(runFolder));
  if (manifest.runId !== name) {
    findings.note(`the folder is called ${name}, its run ${manifest.runId}`);
  }
  findings.note(
    'an imported run: that its pairs were trained on the same minibatches, and by which code and data, cannot be verified, as nothing of the training is recorded',
  );
  const path = resolve(cwd, asked[0] ?? manifest.source.path);
  const results = await readAgain(manifest, path, findings);
  const trials: VerifiedTrial[] = [];
  for (const { index, seed } of manifest.trials) {
    const result = await checkTrial(runFolder, index, results?.trials[index], findings);
    const { outcome = 'not started', steps = 0 } = result ?? {};
    trials.push({ trial: index, seed, state: outcome, step: steps, steps });
  }
  return { manifest, trials, hasData: true };
}

/** What the source gives now; undefined where it is not here, or another, as notes say. */
async function readAgain(
  manifest: ImportedManifest,
  path: string,
  findings: Findings,
): Promise<Results | undefined> {
  const { source } = manifest;
  if (!existsSync(path)) {
    findings.note(
      `the results were not read again, as ${source.path} is not here: --data says where it is`,
    );
    return undefined;
  }
  let results: Results;
  try {
    results = await readResultsAgain(manifest, path);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.note(`the results were not read again: ${error.message}`);
    return undefined;
  }
  const same = JSON.stringify(results.files.map(({ sha256 }) => sha256));
  if (same !== JSON.stringify(source.files.map(({ sha256 }) => sha256))) {
    findings.note(`the results were not read again, as ${source.path} has changed since`);
    return undefined;
  }
  findings.count('source files hashed', results.files.length);
  const trials = results.trials.map(({ trial }) => trial);
  findings.same(manifestPlace, 'trials', trials, manifest.trials);
  return results;
}

/** @returns its result; undefined without one that can be read */
async function checkTrial(
  runFolder: string,
  index: number,
  expected: Results['trials'][number] | undefined,
  findings: Findings,
): Promise<TrialResult | undefined> {
  const files = trialFiles(runFolder, index);
  const at = (file: string) => ({
    // A trial's list names the manifest from where it stands.
    file: posix.join('trials', trialFolderName(index), file),
  });
  const due = await sealedTrialFiles(files.folder).catch(() => []);
  const sums = await compareChecksums(files.folder, due, isSealedByTrial, at, findings);
  if (!sums.sealed)
    findings.differ(at('SHA256SUMS'), 'file', 'a list, as there is a result', 'none');
  const text = await readText(files.result).catch(() => undefined);
  if (expected !== undefined) {
    const { result, curves } = expected;
    if (text !== jsonText(result)) {
      findings.differ(at('result.json'), 'result', 'what its source gives', text ?? 'none');
    }
    const own = await readText(files.curves).catch(() => undefined);
    const drawn = curves && jsonText(curves);
    if (own !== drawn) {
      findings.differ(at('curves.json'), 'curves', 'what its source gives', own ?? 'none');
    }
    findings.count('results read again');
  }
  sums.reportRest();
  const result = await readResult(files.result).catch((error: unknown) => {
    if (!(error instanceof LockstepError)) throw error;
    if (expected === undefined)
      findings.differ(at('result.json'), 'file', 'a result', error.message);
    return undefined;
  });
  if (result === undefined && text === undefined && expected === undefined) {
    findings.differ(at('result.json'), 'file', 'a result', 'none');
  }
  return result;
}
