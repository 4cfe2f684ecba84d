import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkManifest } from '../../src/audit/check-manifest.js';
import { Findings, formatDifference } from '../../src/audit/findings.js';
import { configHash } from '../../src/config/hash.js';
import { loadConfig } from '../../src/config/load.js';
import { jsonText } from '../../src/files/write-atomic.js';
import type { Trial } from '../../src/run/manifest.js';
import { madeUpManifest } from '../support/made-up-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const path = 'training.optimizer.learningRate';
type Planned = readonly Trial[];

/** What differs in the manifest of a sweep over two learning rates and two seeds. */
async function differencesOf(trials: Planned): Promise<string[]> {
  const config = await loadConfig({
    file: 'debug',
    overrides: [`sweep={method: grid, parameters: {${path}: {values: [0.1, 0.2]}}}`],
    seeds: '1..2',
    cwd: '.',
  });
  const manifest = { ...(await madeUpManifest(trials)), config, configHash: configHash(config) };
  return withTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'manifest.json'), jsonText(manifest));
    const findings = new Findings();
    await checkManifest(folder, findings);
    return findings.differences.map(formatDifference);
  });
}

describe('checkManifest, of a sweep,', () => {
  const trials: Planned = [0.1, 0.2].flatMap((rate, point) =>
    [1, 2].map((seed, i) => ({ index: 2 * point + i, point: { [path]: rate }, seed })),
  );

  it('finds nothing where every point has every seed', async () => {
    expect(await differencesOf(trials)).to.deep.equal([]);
  });

  it('names a point that lacks a seed, one that sets something else and one out of order', async () => {
    const [lacking] = await differencesOf(trials.slice(0, 3));
    expect(lacking).to.match(/trials\.3: expected .*"seed":2.*, got nothing/);
    const other = trials.with(0, { ...trials[0]!, point: { 'data.batchSize': 8 } });
    expect((await differencesOf(other))[0]).to.match(
      /trials\.0\.point\.training.*: expected 0\.1, got nothing/,
    );
    const moved = trials.with(1, { ...trials[1]!, index: 3 });
    expect((await differencesOf(moved))[0]).to.match(/trials\.1\.index: expected 1.*, got 3/);
  });
});
