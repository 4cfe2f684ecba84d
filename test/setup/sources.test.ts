import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import { cacheLayout } from '../../src/setup/cache.js';
import { planLibrary } from '../../src/setup/library.js';
import { libraryFromFolder } from '../../src/setup/sources.js';

describe('libraryFromFolder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lockstep-sources-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const plan = planLibrary({ platform: 'linux', arch: 'x64', glibc: '2.36' }, false);
  const bring = (from: string) =>
    libraryFromFolder(from, plan, cacheLayout({ LOCKSTEP_CACHE: folder }), () => undefined).catch(
      (error: unknown) => error,
    );

  it('uses an installed tensorflow package where it is', async () => {
    mkdirSync(join(folder, 'tensorflow'));
    writeFileSync(join(folder, 'tensorflow', 'libtensorflow_cc.so.2'), '');
    expect(await bring(folder)).to.deep.include({
      library: {
        libraries: join(folder, 'tensorflow'),
        headers: join(folder, 'tensorflow', 'include'),
      },
    });
  });

  it('refuses a folder with neither, and one that is absent, as usage errors', async () => {
    for (const from of [folder, join(folder, 'absent')]) {
      expect(await bring(from))
        .to.be.instanceOf(LockstepError)
        .and.include({ code: 'usage' });
    }
  });

  it('refuses a published wheel whose bytes are not the published ones', async () => {
    const name = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';
    writeFileSync(join(folder, name), 'something else');
    const error = await bring(folder);
    expect(error).to.be.instanceOf(LockstepError).and.include({ code: 'data' });
    expect((error as LockstepError).message).to.contain('SHA-256');
  });
});

describe('cacheLayout', () => {
  it('follows LOCKSTEP_CACHE, then XDG_CACHE_HOME', () => {
    expect(cacheLayout({ LOCKSTEP_CACHE: '/a', XDG_CACHE_HOME: '/b' }).root).to.equal('/a');
    expect(cacheLayout({ XDG_CACHE_HOME: '/b' }).root).to.equal(join('/b', 'lockstep'));
    expect(cacheLayout({ XDG_CACHE_HOME: '', HOME: '/h' }).root).to.match(/lockstep$/);
  });
});
