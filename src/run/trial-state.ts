import { readFile } from 'node:fs/promises';
import { LockstepError } from '../protocol/index.js';
import type { TrialResult } from './result.js';

/** A trial's result.json; undefined while it has none, which means that it is not done. */
export async function readResult(path: string): Promise<TrialResult | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as TrialResult;
  } catch (cause) {
    throw new LockstepError('data', `${path}: expected JSON, got ${text.slice(0, 40)}`, {
      cause,
      hint: 'The file was changed after it was written; remove it and `lockstep resume` redoes it.',
    });
  }
}
