import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumsName } from '../files/checksums.js';
import type { RunManifest } from '../run/run-directory.js';
import { trialFolderName } from '../run/run-directory.js';
import { isRunFile, isTrialFile } from '../run/seal.js';
import type { Findings } from './findings.js';

/** Of a trial; what programs keep in theirs is their own. */
const ownFolders = new Set(['checkpoints', 'best', 'programs']);

/** Left there by a running or killed process: nothing that was recorded. */
function isTransient(name: string): boolean {
  return name === 'lock' || name.endsWith('.tmp') || /^step-\d+\.old$/.test(name);
}

/**
 * Names files that no run writes. Within `trials` they are differences: measurements must come from trials
 * alone. Beside it people may keep notes and exports; a note says that these are not part of the audit.
 */
export async function checkStrays(
  runFolder: string,
  { trials }: Pick<RunManifest, 'trials'>,
  findings: Findings,
): Promise<void> {
  const strange = async (folder: string, isKnown: (name: string) => boolean) => {
    const names = await readdir(join(runFolder, folder)).catch(() => []);
    return names.filter((name) => !isTransient(name) && !isKnown(name)).sort();
  };
  const differ = (folder: string, names: readonly string[]) => {
    for (const name of names) {
      findings.differ({ file: `${folder}/${name}` }, 'file', 'none, as no run writes it', 'one');
    }
  };
  const isOfRun = (name: string) => name === checksumsName || name === 'trials' || isRunFile(name);
  for (const name of await strange('.', isOfRun)) {
    findings.note(`${name} is not of the run, and was not checked`);
  }
  const planned = new Set(trials.map(({ index }) => trialFolderName(index)));
  differ('trials', await strange('trials', (name) => planned.has(name)));
  const isOfTrial = (name: string) =>
    name === checksumsName || ownFolders.has(name) || isTrialFile(name);
  for (const trial of planned) {
    const folder = `trials/${trial}`;
    differ(folder, await strange(folder, isOfTrial));
    const saved = `${folder}/checkpoints`;
    differ(saved, await strange(saved, (name) => /^step-\d+$/.test(name)));
  }
}
