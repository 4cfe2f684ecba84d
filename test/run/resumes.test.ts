import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load.js';
import {
  changesSince,
  describeDataChanges,
  readForcedResumes,
  recordedData,
  recordForcedResume,
} from '../../src/run/resumes.js';
import { expectError } from '../support/expect-error.js';
import { manifestOf } from '../support/manifest.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import type { Provenance } from '../../src/run/manifest.js';

const then: Provenance = {
  lockstep: { version: '1.0.0', commit: 'a1', dirty: false, code: 'c1', lockfile: 'l1' },
  packages: { rxjs: '7.8.2' },
  node: 'v20.0.0',
  platform: 'linux-x64',
  cpu: { model: 'one', cores: 2, memoryBytes: 2 ** 33 },
  data: [{ name: 'train-images', md5: 'd1' }],
};
const config = await loadConfig({ file: 'debug', overrides: [], cwd: '.' });
const manifest = manifestOf(config, {
  engine: { name: 'tensorflow', reason: 'as requested', version: '2.21.0' },
  provenance: then,
});
const lockstep = (other: Partial<Provenance['lockstep']>): Provenance => ({
  ...then,
  lockstep: { ...then.lockstep, ...other },
});

describe('changesSince', () => {
  it('finds nothing where nothing that decides numbers changed', () => {
    const elsewhere = { ...then, node: 'v22.0.0', cpu: { ...then.cpu, model: 'another' } };
    expect(changesSince(manifest, elsewhere, '2.21.0')).to.deep.equal([]);
    const redrawn = lockstep({ version: '1.1.0', commit: 'a2' });
    expect(changesSince(manifest, redrawn, '2.21.0')).to.deep.equal([]);
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
    [
      'code that trains',
      lockstep({ code: 'c2', version: '1.1.0', commit: 'a2' }),
      '2.21.0',
      'c1 (Lockstep 1.0.0, commit a1)',
      'c2 (Lockstep 1.1.0, commit a2)',
    ],
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
});

const labels = { what: 'data labels', then: 'b', now: 'c' };
const code = { what: 'code that trains', then: 'x', now: 'y' };
const recorded = [
  { name: 'images', md5: 'a' },
  { name: 'labels', md5: 'b' },
];
const begun = { provenance: { ...then, data: recorded } };

describe('forced resumes', () => {
  const resume = {
    time: 1,
    trials: [0, 2],
    changes: [{ what: 'data train-images', then: 'd1', now: 'd2' }],
  };

  it('are read as they were recorded, without a torn last line; none where there are none', async () => {
    await withTemporaryFolder(async (folder) => {
      expect(await readForcedResumes(folder)).to.deep.equal([]);
      recordForcedResume(folder, resume);
      recordForcedResume(folder, { ...resume, time: 2 });
      await appendFile(join(folder, 'resumes.ndjson'), '{"time":3');
      expect(await readForcedResumes(folder)).to.deep.equal([resume, { ...resume, time: 2 }]);
    });
  });

  it('that are not as they were recorded are named by their line', async () => {
    await withTemporaryFolder(async (folder) => {
      recordForcedResume(folder, resume);
      await appendFile(join(folder, 'resumes.ndjson'), '{"time":"yesterday"}\n');
      await expectError('data', 'resumes.ndjson:2: time: expected number', () =>
        readForcedResumes(folder),
      );
    });
  });

  it('decide what data trials train on: the last one, or the manifest', () => {
    const forced = { time: 1, trials: [0], changes: [labels, code] };
    expect(recordedData(begun, [])).to.deep.equal(recorded);
    expect(recordedData(begun, [forced])).to.deep.equal([
      recorded[0],
      { name: 'labels', md5: 'c' },
    ]);
    const restored = { time: 2, trials: [0], changes: [code] };
    expect(recordedData(begun, [forced, restored])).to.deep.equal(recorded);
    const renamed = [
      { what: 'data labels', then: 'b', now: 'none' },
      { what: 'data labels.gz', then: 'none', now: 'd' },
    ];
    expect(recordedData(begun, [{ ...forced, changes: renamed }])).to.deep.equal([
      recorded[0],
      { name: 'labels.gz', md5: 'd' },
    ]);
  });

  it('say which trials may mix two versions of the data', () => {
    expect(describeDataChanges([{ time: 1, trials: [0], changes: [code] }])).to.equal(undefined);
    const resumes = [
      { time: 1, trials: [2, 0], changes: [labels, code] },
      { time: 2, trials: [2], changes: [labels] },
    ];
    expect(describeDataChanges(resumes)).to.equal(
      'resumed with --force after the data changed (labels was b, then c): trials 0, 2 may mix both',
    );
  });
});
