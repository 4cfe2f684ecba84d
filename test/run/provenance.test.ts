import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { codeHash } from '../../src/run/provenance.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('codeHash', () => {
  it('changes with the content and the name of what runs, and with nothing else', async () => {
    await withTemporaryFolder(async (root) => {
      await mkdir(join(root, 'dist/part'), { recursive: true });
      await writeFile(join(root, 'dist/main.js'), 'one');
      await writeFile(join(root, 'dist/part/kernels.wasm'), 'two');
      const hash = () => codeHash(root, ['dist'], ['dist/report']);
      const first = await hash();
      expect(first).to.match(/^[\da-f]{64}$/);
      await writeFile(join(root, 'dist/main.js.map'), 'a map');
      await mkdir(join(root, 'dist/report'));
      await writeFile(join(root, 'dist/report/page.js'), 'what draws');
      expect(await hash()).to.equal(first);
      await writeFile(join(root, 'dist/part/kernels.wasm'), 'three');
      const second = await hash();
      expect(second).not.to.equal(first);
      await rename(join(root, 'dist/main.js'), join(root, 'dist/other.js'));
      expect([first, second]).not.to.include(await hash());
    });
  });
});
