import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumsName, formatChecksums, sha256, sha256File } from '../files/checksums.js';
import { writeAtomic } from '../files/write-atomic.js';

/** From a trial's folder to the manifest it belongs to, which every trial's list includes. */
const manifestFromTrial = '../../manifest.json';

const runFiles =
  /^(manifest\.json|extensions\.json|machines\.json|resumes\.ndjson|figure\.(svg|png)|report(-[\w.-]+)?\.(html|json))$/;
const trialFile =
  /^(log\.ndjson|curves\.json|trace\.ndjson|predictions\.safetensors|result\.json)$/;
const checkpointFile = /^(checkpoints\/step-\d+|best)\/[^/\\]+$/;

/** Whether a run's list has a file of this name. */
export function isRunFile(name: string): boolean {
  return runFiles.test(name);
}

/** Whether a trial's folder has a file of this name, its checkpoints aside. */
export function isTrialFile(name: string): boolean {
  return trialFile.test(name);
}

/** Whether a trial's list can have this path: of a file of its own, or of the run's manifest. */
export function isSealedByTrial(path: string): boolean {
  return path === manifestFromTrial || isTrialFile(path) || checkpointFile.test(path);
}

/**
 * Lists the SHA-256 of all that a trial wrote, and of its run's manifest, in the trial's `SHA256SUMS`.
 * Done when the trial has ended; a trial that goes on or was killed has no list.
 * @param result text of result.json, which is written after the list, so that where there is a result
 *   there is a list
 */
export async function sealTrial(trialFolder: string, result?: string): Promise<void> {
  const sums = await sumsOf(trialFolder, await sealedTrialFiles(trialFolder));
  if (result !== undefined) sums.set('result.json', sha256(result));
  await writeAtomic(join(trialFolder, checksumsName), formatChecksums(sums));
}

/** Removes the list before the trial's files change. */
export async function unsealTrial(trialFolder: string): Promise<void> {
  await rm(join(trialFolder, checksumsName), { force: true });
}

/** Lists the SHA-256 of the run's own files, its trials' left out; again whenever one of them changed. */
export async function sealRun(runFolder: string): Promise<void> {
  const sums = await sumsOf(runFolder, await sealedRunFiles(runFolder));
  await writeAtomic(join(runFolder, checksumsName), formatChecksums(sums));
}

/** The files that a run's list must have, relative to its folder: those that are there. */
export async function sealedRunFiles(runFolder: string): Promise<string[]> {
  return (await readdir(runFolder)).filter(isRunFile).sort();
}

/** The files that a trial's list must have, relative to its folder: those that are there. */
export async function sealedTrialFiles(trialFolder: string): Promise<string[]> {
  const names = (await readdir(trialFolder)).filter(isTrialFile);
  const checkpoints = await readdir(join(trialFolder, 'checkpoints')).catch(() => []);
  const saved = await Promise.all(
    checkpoints
      .filter((name) => /^step-\d+$/.test(name))
      .map(async (step) => {
        const files = await readdir(join(trialFolder, 'checkpoints', step));
        return files.map((file) => `checkpoints/${step}/${file}`);
      }),
  );
  const best = await readdir(join(trialFolder, 'best')).catch(() => []);
  const kept = best.map((file) => `best/${file}`);
  return [manifestFromTrial, ...names, ...saved.flat(), ...kept].sort();
}

async function sumsOf(folder: string, files: readonly string[]): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const file of files) {
    const sum = await sha256File(join(folder, file));
    if (sum !== undefined) sums.set(file, sum);
  }
  return sums;
}
