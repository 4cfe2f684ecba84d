import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheLayout } from '../src/setup/cache.js';
import { findPip } from '../src/setup/pip.js';
import { lastLines, runCommand } from '../src/setup/process.js';

/** The folder of the peers' own programs. */
export const peersFolder = fileURLToPath(new URL('../../scripts/peers/', import.meta.url));

type Device = 'cpu' | 'gpu';

function layout(device: Device) {
  const folder = join(cacheLayout().root, device === 'gpu' ? 'peers-gpu' : 'peers');
  const program = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  // `done` is written last.
  return { folder, python: join(folder, program), done: join(folder, 'installed') };
}

/** The Python that has TensorFlow, PyTorch and JAX; undefined where they are not installed. */
export function peersPython(device: Device = 'cpu'): string | undefined {
  const { done, python } = layout(device);
  return existsSync(done) ? python : undefined;
}

/**
 * Installs TensorFlow, PyTorch and JAX with pip into a folder of their own in Lockstep's cache, unless they are there. For a GPU,
 * TensorFlow and PyTorch with CUDA.
 */
export async function installPeers(device: Device = 'cpu'): Promise<string> {
  const installed = peersPython(device);
  if (installed !== undefined) return installed;
  const { folder, python, done } = layout(device);
  process.stderr.write(`installing the peers into ${folder} (some GB)\n`);
  await mkdir(folder, { recursive: true });
  const pip = await findPip();
  await must(pip.python, ['-m', 'venv', folder]);
  const requirements = join(
    peersFolder,
    device === 'gpu' ? 'requirements-gpu.txt' : 'requirements.txt',
  );
  await must(python, ['-m', 'pip', 'install', '--requirement', requirements]);
  await writeFile(done, '');
  return python;
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runCommand(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${lastLines(output)}`);
}
