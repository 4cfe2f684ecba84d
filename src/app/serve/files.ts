import { lstatSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSealedByTrial, sealedRunFiles, sealedTrialFiles } from '../../run/seal.js';

/** The files of a run that may be fetched, relative to its folder: those that Lockstep writes, links left out. */
export async function servedFiles(runFolder: string): Promise<string[]> {
  const own = await sealedRunFiles(runFolder);
  const trials = (await readdir(join(runFolder, 'trials')).catch(() => []))
    .filter((name) => /^\d+$/.test(name))
    .sort();
  const ofTrials = await Promise.all(
    trials.map(async (trial) => {
      const files = await sealedTrialFiles(join(runFolder, 'trials', trial)).catch(() => []);
      return files
        .filter((file) => isSealedByTrial(file) && !file.startsWith('..'))
        .map((file) => `trials/${trial}/${file}`);
    }),
  );
  const root = realpathSync(runFolder);
  return [...own, ...ofTrials.flat()].filter((file) => isInside(root, file));
}

/** A plain file, and really below the folder: no part of the path is a link. @param root without links */
function isInside(root: string, file: string): boolean {
  try {
    const path = join(root, file);
    return lstatSync(path).isFile() && realpathSync(path) === path;
  } catch {
    return false;
  }
}
