import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { OwnCode } from './own-code.js';
import type { Provenance } from './manifest.js';

/** The folder with Lockstep's package.json: three levels above `dist/src/run/`. */
export const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Code that can change a trial's numbers: compiled, but for the C++ that setup builds into the native
 * engine's binding.
 */
const codeFolders = ['dist/src', 'dist/workers', 'workers/engines/tensorflow/native'];

/**
 * Folders among these that plan, show, check or judge, but train nothing. A new folder counts until it is
 * listed here.
 */
const showing = [
  ...[
    'app',
    'audit',
    'bench',
    'cli',
    'export',
    'import',
    'library',
    'live',
    'machines',
    'predictions',
    'queue',
    'report',
    'schedule',
  ],
  ...['setup', 'statistics', 'store', 'text'],
].map((folder) => `dist/src/${folder}`);

const recordedPackages = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node-gpu',
  'piscina',
  'rxjs',
  'pino',
];

export async function collectProvenance(
  data: Provenance['data'],
  { programs, modules }: OwnCode = { programs: [], modules: [] },
): Promise<Provenance> {
  const [version, git, code, lockfile, versions] = await Promise.all([
    packageVersion(join(packageRoot, 'package.json')),
    gitState(),
    codeHash(packageRoot, codeFolders, showing),
    fileHash(join(packageRoot, 'package-lock.json')),
    Promise.all(recordedPackages.map(installedVersion)),
  ]);
  const packages = recordedPackages.flatMap((name, index) => {
    const installed = versions[index];
    return installed === undefined ? [] : [[name, installed] as const];
  });
  return {
    lockstep: { version: version ?? 'unknown', ...git, code, lockfile },
    packages: Object.fromEntries(packages),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: {
      model: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
    data: data.map(({ name, md5 }) => ({ name, md5 })),
    ...(programs.length > 0 && { programs }),
    ...(modules.length > 0 && { modules }),
  };
}

async function gitState(): Promise<{ commit?: string; dirty?: boolean }> {
  try {
    // Only a checkout of Lockstep itself counts, not one it happens to be installed in.
    const top = (await git('rev-parse', '--show-toplevel')).trim();
    if (join(top, '/') !== join(packageRoot, '/')) return {};
    const [commit, status] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return { commit: commit.trim(), dirty: status.trim() !== '' };
  } catch {
    return {};
  }
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', packageRoot, ...args]);
  return stdout;
}

async function installedVersion(name: string): Promise<string | undefined> {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    const version = await packageVersion(join(folder, name, 'package.json'));
    if (version !== undefined) return version;
  }
  return undefined;
}

async function packageVersion(path: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

async function fileHash(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** Code that runs, or is built into code that runs; not type declarations and source maps. */
const runs = /\.(js|wasm|cc|h)$/;

/**
 * SHA-256, in hexadecimal, of the names and contents of all code in some folders: it also
 * distinguishes two versions of one commit if one has uncommitted changes.
 * @param root the folder that names start from
 * @param folders below it, each with all folders in it
 * @param except folders that do not count
 */
export async function codeHash(
  root: string,
  folders: readonly string[],
  except: readonly string[] = [],
): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true });
    const paths = names
      .filter((name) => runs.test(name))
      .map((name) => join(folder, name).replaceAll(sep, '/'))
      .filter((path) => !except.some((left) => path.startsWith(`${left}/`)));
    const files = paths.sort().map(async (path) => {
      const content = await readFile(join(root, path));
      return `${createHash('sha256').update(content).digest('hex')}  ${path}\n`;
    });
    for (const line of await Promise.all(files)) hash.update(line);
  }
  return hash.digest('hex');
}
