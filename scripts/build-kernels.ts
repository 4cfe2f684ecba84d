/**
 * Compiles the embedded engine's kernels from AssemblyScript: part of `npm run build`. Does nothing
 * while neither they nor the compiler have changed.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'workers/engines/wasm/assembly');
const output = join(root, 'dist/workers/engines/wasm/kernels.wasm');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
const stamp = `${output}.sha256`;

const digest = await digestSources();
if (digest !== (await readFile(stamp, 'utf8').catch(() => undefined))) {
  await compile();
  await writeFile(stamp, digest);
}

async function digestSources(): Promise<string> {
  const names = (await readdir(sources)).sort().map((name) => join(sources, name));
  const hash = createHash('sha256');
  for (const file of [compiler, ...names]) {
    hash.update(basename(file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function compile(): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  // A process, not an import: the compiler's types would change those of every array in the project.
  const args = ['--config', join(sources, 'asconfig.json'), '--outFile', output];
  await promisify(execFile)(process.execPath, [
    join(dirname(compiler), 'bin/asc.js'),
    join(sources, 'index.ts'),
    ...args,
  ]);
}
