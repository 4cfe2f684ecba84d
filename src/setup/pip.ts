import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '../protocol/index.js';
import { lastLines, runCommand, works } from './process.js';

/** One wheel on PyPI, pinned. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Tags pip resolves the wheel by; the library in it does not depend on Python's version. */
  readonly tags: {
    readonly python: string;
    readonly abi: string;
    readonly platforms: readonly string[];
  };
  readonly sha256: string;
  /** Size of the download in bytes. */
  readonly size: number;
}

/** A Python whose pip can be used. */
export interface Pip {
  readonly python: string;
}

/**
 * @throws {LockstepError} `usage` when no Python with pip is there
 */
export async function findPip(signal?: AbortSignal): Promise<Pip> {
  const named = process.env.LOCKSTEP_PYTHON;
  const candidates = named === undefined ? ['python3', 'python'] : [named];
  for (const python of candidates) {
    if (await works(python, ['-m', 'pip', '--version'], signal)) return { python };
  }
  throw new LockstepError(
    'usage',
    `Expected Python with pip to fetch TensorFlow from PyPI, got none as ${candidates.join(' or ')}.`,
    {
      hint: 'Install python3-pip, or name a Python with LOCKSTEP_PYTHON, or fetch the wheel elsewhere and run `npx lockstep setup --from DIR`.',
    },
  );
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes on disk so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Fetches pinned wheels with `pip download`, which checks their SHA-256.
 * @param folder made if absent; holds the wheels afterwards
 * @returns paths of the wheels in the folder
 * @throws {LockstepError} `worker` when pip fails
 */
export async function downloadWheels(
  pip: Pip,
  wheels: readonly Wheel[],
  folder: string,
  options: DownloadOptions = {},
): Promise<string[]> {
  // pip writes to a temporary folder first: inside ours, progress can be seen and nothing is left.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const timer = setInterval(() => {
    void folderSize(folder).then((bytes) => options.onProgress?.(bytes));
  }, 250);
  try {
    for (const group of groupByTags(wheels)) {
      const requirements = join(temporary, 'requirements.txt');
      await writeFile(requirements, requirementsOf(group));
      const { code, output } = await runCommand(
        pip.python,
        downloadArguments(group[0]!, requirements, folder),
        { environment: { TMPDIR: temporary, TEMP: temporary }, signal: options.signal },
      );
      if (code !== 0) throw downloadFailed(group, output);
    }
  } finally {
    clearInterval(timer);
  }
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith('.whl')).map((file) => join(folder, file));
}

/** One `pip download` resolves one set of tags. */
function groupByTags(wheels: readonly Wheel[]): Wheel[][] {
  const groups = new Map<string, Wheel[]>();
  for (const wheel of wheels) {
    const key = JSON.stringify(wheel.tags);
    groups.set(key, [...(groups.get(key) ?? []), wheel]);
  }
  return [...groups.values()];
}

/** A requirements file that makes pip accept exactly these files. */
export function requirementsOf(wheels: readonly Wheel[]): string {
  return wheels
    .map(({ project, version, sha256 }) => `${project}==${version} --hash=sha256:${sha256}\n`)
    .join('');
}

function downloadArguments({ tags }: Wheel, requirements: string, folder: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--no-input', '--disable-pip-version-check'],
    ...['--no-deps', '--no-cache-dir', '--progress-bar', 'off'],
    '--only-binary=:all:',
    ...tags.platforms.flatMap((platform) => ['--platform', platform]),
    ...['--python-version', tags.python, '--implementation', 'cp', '--abi', tags.abi],
    ...['--require-hashes', '-r', requirements, '-d', folder],
  ];
}

function downloadFailed(wheels: readonly Wheel[], output: string): LockstepError {
  const names = wheels.map(({ project, version }) => `${project} ${version}`).join(', ');
  return new LockstepError(
    'worker',
    `Expected pip to download ${names}, but it failed:\n${lastLines(output)}`,
    {
      hint: 'Check the network and pip (20.3 or newer), or fetch the wheel elsewhere and run `npx lockstep setup --from DIR`.',
    },
  );
}

async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      bytes += (await stat(join(entry.parentPath, entry.name))).size;
    }
  } catch {
    // Files come and go while pip works; the next look will see them.
  }
  return bytes;
}
