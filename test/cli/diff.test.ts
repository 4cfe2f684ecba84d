import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockstep } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

interface Difference {
  readonly section: string;
  readonly path: string;
  readonly values: readonly (string | null)[];
}

describe('lockstep diff', () => {
  it('shows side by side what two runs do not have in common', async () => {
    await withTemporaryFolder(async (cwd) => {
      const run = ['run', 'debug', '--engine', 'wasm', '--quiet', '--device', 'cpu'];
      await lockstep(cwd, ...run);
      await lockstep(cwd, ...run, '--set', 'training.steps=3', '--set', 'name=short');
      const names = (await readdir(join(cwd, 'runs'))).filter((name) => name !== 'latest').sort();
      const folders = names.map((name) => `runs/${name}`);

      const { code, stdout } = await lockstep(cwd, 'diff', ...folders, '--json');
      expect(code).to.equal(0);
      const { differences } = JSON.parse(stdout) as { differences: Difference[] };
      const found = differences.filter(({ section }) => section === 'configuration');
      expect(found).to.deep.include({
        section: 'configuration',
        path: 'training.steps',
        values: ['10', '3'],
      });
      expect(found.map(({ path }) => path)).to.deep.equal(['name', 'training.steps']);
      expect(differences.filter(({ section }) => section === 'provenance')).to.deep.equal([]);
      expect((await lockstep(cwd, 'diff', ...folders)).stdout).to.match(
        /^configuration\n.*\n(.*\n)*training\.steps +10 +3$/m,
      );
      const same = await lockstep(cwd, 'diff', folders[0]!, 'runs/../runs/' + names[0]!);
      expect(same.stdout).to.equal('no difference in configuration or provenance\n');
      expect((await lockstep(cwd, 'diff', folders[0]!, 'nowhere')).code).to.equal(2);
    });
  });

  it('refuses a GPU that is not there', async function () {
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await lockstep(
        cwd,
        ...['run', 'debug', '--engine', 'wasm', '--device', 'gpu'],
      );
      expect(code).to.equal(2);
      expect(stderr).to.contain('Expected a GPU for the engine wasm, got cpu');
      expect(await readdir(cwd)).to.deep.equal([]);
    });
  });
});
