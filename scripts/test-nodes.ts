/**
 * Runs the tests under other versions of Node.js, taken from npm's packages of its binaries:
 * `npm run build && node dist/scripts/test-nodes.js [22 24 …] [-- mocha arguments]`.
 * Without versions: 22 and 24. Without arguments after `--`: the whole suite.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const separator = process.argv.indexOf('--');
const versions = process.argv.slice(2, separator === -1 ? undefined : separator);
const suite = ['dist/test/**/*.test.js'];
const mochaArguments = separator === -1 ? suite : process.argv.slice(separator + 1);
const binaries = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

function testUnder(version: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-node-'));
  try {
    const install = ['install', '--prefix', folder, '--no-save', `${binaries}@${version}`];
    if (spawnSync('npm', install, { stdio: 'inherit' }).status !== 0) return false;
    const node = join(folder, 'node_modules', binaries, 'bin', 'node');
    console.log(`\nNode.js ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`);
    // First on the path too: tests that start programs by the name `node` mean this one.
    const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
    const mocha = [join('node_modules', 'mocha', 'bin', 'mocha.js'), ...mochaArguments];
    const { status } = spawnSync(node, mocha, {
      stdio: 'inherit',
      env: { ...process.env, PATH: path },
    });
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failed = (versions.length > 0 ? versions : ['22', '24']).filter(
  (version) => !testUnder(version),
);
if (failed.length > 0) {
  console.error(`Expected the tests to pass under every version, but not under ${failed.join()}.`);
  process.exitCode = 1;
}
