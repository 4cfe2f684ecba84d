import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installPacked } from '../support/packed-package.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const read = (path: string) =>
  JSON.parse(readFileSync(path, 'utf8')) as {
    readonly version: string;
    readonly bin: { readonly lockstep: string };
    readonly scripts: Readonly<Record<string, string>>;
  };

// The compiled test runs from dist/test/cli.
const own = read(new URL('../../../package.json', import.meta.url).pathname);

describe('the package', () => {
  it('runs from what npm packs, and tells its own version, not that of the project it is in', async () => {
    await withTemporaryFolder(async (project) => {
      await installPacked(project, []);
      await writeFile(join(project, 'package.json'), '{ "version": "9.9.9" }');
      const { bin } = read(join(project, 'node_modules/lockstep/package.json'));
      const program = join(project, 'node_modules/lockstep', bin.lockstep);
      const run = (...args: string[]) =>
        promisify(execFile)(process.execPath, [program, ...args], { cwd: project });
      expect((await run('--version')).stdout).to.equal(`${own.version}\n`);
      expect((await run('run', 'debug', '--print-config')).stdout).to.include('name: debug');
      await cp(join('examples', 'experiment.mjs'), join(project, 'experiment.mjs'));
      const { stdout } = await promisify(execFile)(process.execPath, ['experiment.mjs'], {
        cwd: project,
      });
      expect(stdout).to.match(/^step 1 [^]*completed: runs\/own-[^]*inconclusive/);
    });
  });

  it('is built before it is packed, although .npmrc ignores scripts', () => {
    expect(own.scripts.pack).to.equal('npm pack --ignore-scripts=false');
    expect(own.scripts.prepack).to.include('npm run --silent build');
  });
});
