import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '../../src/protocol/index.js';

/** A new folder with these files, by name; `remove` it afterwards. */
export async function scratchFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-config-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The usage error something fails with; fails when it does not, or with anything else. */
export async function usageError(run: () => unknown): Promise<LockstepError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'usage') return error;
    throw error;
  }
  throw new Error('expected a usage error, got none');
}

/** The smallest valid configuration, as lines to build on. */
export const minimal = `training: { steps: 2, optimizer: { learningRate: 0.1 } }
network: { layers: [{ kind: flatten }, { kind: dense, units: 10 }] }
variants:
  a: { activation: relu, init: he }
  b: { activation: selu, init: lecun }
`;
