import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { complete } from '../../src/cli/complete.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('completion', () => {
  it('knows commands, flags, choices, configurations and runs', async () => {
    await withTemporaryFolder(async (cwd) => {
      await mkdir(join(cwd, 'runs/debug-1'), { recursive: true });
      await writeFile(join(cwd, 'mine.yaml'), '');
      const completed = (line: string) => complete(line.split(' '), cwd);
      expect(await completed('s')).to.deep.equal(['sweep', 'serve', 'show', 'slurm', 'setup']);
      expect(await completed('run ')).to.include.members(['debug', 'tutorial', 'mine.yaml']);
      expect(await completed('run de')).to.deep.equal(['debug', 'depth']);
      expect(await completed('run deb')).to.deep.equal(['debug']);
      expect(await completed('run debug --en')).to.deep.equal(['--engine']);
      expect(await completed('run --engine ')).to.deep.equal(['auto', 'wasm', 'tensorflow']);
      expect(await completed('run --engine wasm mi')).to.deep.equal(['mine.yaml']);
      expect(await completed('run --json mi')).to.deep.equal(['mine.yaml']);
      expect(await completed('run debug m')).to.deep.equal([]);
      expect(await completed('report ')).to.deep.equal(['runs/debug-1']);
      expect(await completed('diff runs/debug-1 r')).to.deep.equal(['runs/debug-1']);
      expect(await completed('nothing ')).to.deep.equal([]);
    });
  });
});
