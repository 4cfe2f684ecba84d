/**
 * Runs all tests and says how many lines of `src` and `workers` they reach: `npm run coverage`, which fails below 95%.
 *
 * Counted are the processes of the test runner, the commands that tests start, their worker threads, and `lockstep setup`.
 * Not counted are modules of types alone, which nothing loads, and what runs in a browser.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const counts = join(root, '.cache/coverage');
/** Percent of lines. */
const floor = 95;

/** Sources of which the compiler leaves no code. */
async function typeOnlySources(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['src', 'workers']) {
    const compiled = await readdir(join(root, 'dist', folder), { recursive: true });
    for (const path of compiled.filter((name) => name.endsWith('.js'))) {
      const code = await readFile(join(root, 'dist', folder, path), 'utf8');
      if (/^\s*(export \{\};\s*)?(\/\/# sourceMappingURL=.*\s*)?$/.test(withoutComments(code))) {
        found.push(`${folder}/${path.replace(/\.js$/, '.ts')}`);
      }
    }
  }
  return found;
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\//g, '');
}

function run(program: string, args: readonly string[], counted: boolean): number {
  const env = counted ? { ...process.env, NODE_V8_COVERAGE: counts } : process.env;
  return spawnSync(program, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}

// c8 needs each module as a file of its own; the program is built with them bundled.
run(process.execPath, ['dist/scripts/bundle.js', '--plain'], false);
await rm(counts, { recursive: true, force: true });
await mkdir(counts, { recursive: true });
run(process.execPath, ['dist/bin/lockstep.js', 'setup'], true);
const takeCoverage = 'dist/scripts/take-coverage.js';
const mocha = ['--parallel', '--jobs', '2', '--require', takeCoverage, 'dist/test/**/*.test.js'];
const failed = run('mocha', mocha, true);
const notCounted = [
  'workers/engines/wasm/assembly/**',
  'src/app/serve/client/**',
  '**/*.d.ts',
  ...(await typeOnlySources()),
];
const uncovered = run(
  'c8',
  [
    ...['report', '--check-coverage', '--lines', String(floor), '--temp-directory', counts],
    ...notCounted.flatMap((path) => ['--exclude', path]),
  ],
  false,
);
run(process.execPath, ['dist/scripts/bundle.js'], false);
process.exitCode = failed || uncovered;
