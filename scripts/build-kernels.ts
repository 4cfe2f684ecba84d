/**
 * Compiles the embedded engine's kernels from AssemblyScript: part of `npm run build`. Does nothing
 * while neither they nor the compiler have changed. The compiler also writes what they take and give,
 * which is kept in git, as TypeScript is compiled first: a change fails the build once.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(root, 'workers/engines/wasm/assembly');
const output = join(root, 'dist/workers/engines/wasm/kernels.wasm');
const declarations = join(root, 'workers/engines/wasm/assembly.d.ts');
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
  for (const file of [compiler, declarations, ...names]) {
    hash.update(basename(file)).update(await readFile(file).catch(() => ''));
  }
  return hash.digest('hex');
}

/** @throws Error when what the kernels take or give has changed, once */
async function compile(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-kernels-'));
  try {
    // A process, not an import: the compiler's types would change those of every array in the project.
    await promisify(execFile)(process.execPath, [
      join(dirname(compiler), 'bin/asc.js'),
      join(sources, 'index.ts'),
      ...['--config', join(sources, 'asconfig.json'), '--bindings', 'raw'],
      ...['--outFile', join(folder, 'kernels.wasm')],
    ]);
    const made = await readFile(join(folder, 'kernels.d.ts'), 'utf8');
    const kept = await readFile(declarations, 'utf8').catch(() => undefined);
    if (made !== kept) {
      await writeFile(declarations, made);
      throw new Error(
        `The kernels' signatures have changed: build again, and commit ${declarations}.`,
      );
    }
    await mkdir(dirname(output), { recursive: true });
    await copyFile(join(folder, 'kernels.wasm'), output);
  } finally {
    await rm(folder, { recursive: true });
  }
}
