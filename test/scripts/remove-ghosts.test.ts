import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { removeGhosts } from '../../scripts/remove-ghosts.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('removeGhosts', () => {
  it('removes what was compiled from a source that is gone, and nothing else', async () => {
    await withTemporaryFolder(async (root) => {
      const kept = [
        'bin/a.js',
        'src/a.js',
        'src/a.js.map',
        'src/a.d.ts',
        'workers/kernels.wasm',
        '.tsbuildinfo',
      ];
      const ghosts = ['src/b.js', 'src/b.js.map', 'src/b.d.ts', 'src/old/c.js'];
      for (const path of ['src/a.ts', ...[...kept, ...ghosts].map((path) => `dist/${path}`)]) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), '');
      }
      expect((await removeGhosts(root)).sort()).to.deep.equal(ghosts.sort());
      const left = await readdir(join(root, 'dist'), { recursive: true });
      expect(left.sort()).to.deep.equal([...kept, 'bin', 'src', 'workers'].sort());
    });
  });
});
