import { expect } from 'chai';
import { configHash } from '../../src/config/hash.js';
import { loadConfig } from '../../src/config/load.js';
import { changesSince } from '../../src/run/changes-since.js';
import { manifestSchemaVersion } from '../../src/run/manifest.js';
import type { Manifest, Provenance } from '../../src/run/manifest.js';

const then: Provenance = {
  lockstep: { version: '1.0.0', commit: 'a1', dirty: false, code: 'c1', lockfile: 'l1' },
  packages: { rxjs: '7.8.2' },
  node: 'v20.0.0',
  platform: 'linux-x64',
  cpu: { model: 'one', cores: 2, memoryBytes: 2 ** 33 },
  data: [{ name: 'train-images', md5: 'd1' }],
};
const config = await loadConfig({ file: 'debug', overrides: [], cwd: '.' });
const manifest: Manifest = {
  schemaVersion: manifestSchemaVersion,
  runId: 'debug-20260101T000000Z-abcdef',
  createdAt: '2026-01-01T00:00:00.000Z',
  config,
  configHash: configHash(config),
  engine: { name: 'tensorflow', reason: 'as asked for', version: '2.21.0' },
  trace: false,
  trials: [{ index: 0, seed: 1, point: {} }],
  provenance: then,
};
const lockstep = (other: Partial<Provenance['lockstep']>): Provenance => ({
  ...then,
  lockstep: { ...then.lockstep, ...other },
});

describe('changesSince', () => {
  it('finds nothing where nothing that decides numbers changed', () => {
    const elsewhere = { ...then, node: 'v22.0.0', cpu: { ...then.cpu, model: 'another' } };
    expect(changesSince(manifest, elsewhere, '2.21.0')).to.deep.equal([]);
  });

  const cases: readonly [
    what: string,
    now: Provenance,
    engine: string,
    before: string,
    after: string,
  ][] = [
    [
      'data train-images',
      { ...then, data: [{ name: 'train-images', md5: 'd2' }] },
      '2.21.0',
      'd1',
      'd2',
    ],
    [
      'data labels',
      { ...then, data: [...then.data, { name: 'labels', md5: 'd' }] },
      '2.21.0',
      'none',
      'd',
    ],
    ['Lockstep', lockstep({ version: '1.1.0' }), '2.21.0', '1.0.0', '1.1.0'],
    ['commit', lockstep({ commit: 'a2' }), '2.21.0', 'a1', 'a2'],
    ['code', lockstep({ code: 'c2' }), '2.21.0', 'c1', 'c2'],
    ['rxjs', { ...then, packages: {} }, '2.21.0', '7.8.2', 'none'],
    ['engine tensorflow', then, '2.22.0', '2.21.0', '2.22.0'],
  ];
  for (const [what, now, engine, before, after] of cases) {
    it(`tells what was and what is: ${what} from ${before} to ${after}`, () => {
      const changes = changesSince(manifest, now, engine);
      expect(changes).to.deep.equal([{ what, then: before, now: after }]);
    });
  }

  it('tells of a configuration that is not the one that was frozen', () => {
    const edited = { ...manifest, config: { ...config, seeds: [2] } };
    const [change] = changesSince(edited, then, '2.21.0');
    expect(change).to.include({ what: 'configuration', then: manifest.configHash });
  });

  it('takes what earlier versions did not record as unchanged', () => {
    const { code, ...older } = then.lockstep;
    const engine = { name: 'tensorflow', reason: '' } as const;
    const earlier: Manifest = { ...manifest, engine, provenance: { ...then, lockstep: older } };
    expect(changesSince(earlier, then, '2.21.0')).to.deep.equal([]);
  });
});
