import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a test in a new folder that is removed afterwards. */
export async function withTemporaryFolder<Value>(
  test: (folder: string) => Promise<Value> | Value,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
  try {
    return await test(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
