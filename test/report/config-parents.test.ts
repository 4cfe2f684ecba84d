import { expect } from 'chai';
import { loadConfigWithSources, type LoadedConfig } from '../../src/config/load.js';
import { parentChanges } from '../../src/report/config-parents.js';
import type { Manifest } from '../../src/run/manifest.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTemporaryFolder } from '../support/temporary-folder.js';

async function changesOf(text: string, overrides: readonly string[] = [], seeds?: string) {
  return withTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'parent.yaml'), 'extends: debug\ndata: { batchSize: 32 }\n');
    await writeFile(join(cwd, 'mine.yaml'), text);
    const loaded = await loadConfigWithSources({ file: 'mine.yaml', overrides, seeds, cwd });
    return parentChanges(manifestOf(loaded));
  });
}

function manifestOf({ config, sources, overrides }: LoadedConfig): Manifest {
  return { config, origin: { sources, overrides } } as Manifest;
}

describe('parentChanges', () => {
  it('tells file after file and flag after flag what was before', async () => {
    const text = 'extends: parent.yaml\ntraining: { steps: 4 }\ndecision: { margin: 0.5 }\n';
    const flags = ['data.batchSize=8', 'network.layers.0.filters=2'];
    expect(await changesOf(text, flags, '1..3')).to.deep.equal([
      { source: 'parent.yaml', path: 'data.batchSize', before: '16', after: '32' },
      { source: 'mine.yaml', path: 'training.steps', before: '10', after: '4' },
      { source: 'mine.yaml', path: 'decision.margin', before: null, after: '0.5' },
      { source: '--set', path: 'data.batchSize', before: '32', after: '8' },
      { source: '--set', path: 'network.layers.0.filters', before: '4', after: '2' },
      { source: '--seeds', path: 'seeds', before: '[1]', after: '[1,2,3]' },
    ]);
  });

  it('leaves out what says the same again', async () => {
    expect(await changesOf('extends: parent.yaml\ndata: { batchSize: 32 }\n')).to.have.length(1);
  });

  it('is empty where nothing is extended, and for runs that did not keep their files', async () => {
    await withTemporaryFolder(async (cwd) => {
      const loaded = await loadConfigWithSources({ file: 'debug', cwd });
      expect(parentChanges(manifestOf(loaded))).to.deep.equal([]);
      expect(parentChanges({ config: loaded.config } as Manifest)).to.deep.equal([]);
    });
  });
});
