/**
 * Compiles the embedded engine's kernels from AssemblyScript: part of `npm run build`. Does nothing
 * while neither they nor the compiler have changed.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'workers/engines/wasm/assembly');
const output = join(root, 'dist/workers/engines/wasm/kernels.wasm');
const stamp = `${output}.sha256`;

const digest = await digestSources();
if (digest !== (await readFile(stamp, 'utf8').catch(() => undefined))) {
  await compile();
  await writeFile(stamp, digest);
}

async function digestSources(): Promise<string> {
  const compiler = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const names = (await readdir(sources)).sort().map((name) => join(sources, name));
  const hash = createHash('sha256');
  for (const file of [compiler, ...names]) {
    hash.update(basename(file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function compile(): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  const asc = await import('assemblyscript/asc');
  const stderr = asc.createMemoryStream();
  const options = { stderr, stdout: asc.createMemoryStream() };
  const settings = [
    join(sources, 'index.ts'),
    ...['--config', join(sources, 'asconfig.json')],
    ...['--outFile', output],
  ];
  const { error } = await asc.main(settings, options);
  if (error !== null) throw new Error(`the kernels did not compile:\n${stderr.toString()}`);
}
