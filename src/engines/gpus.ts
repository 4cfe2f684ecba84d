import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The NVIDIA driver's list of cards on Linux. */
const driverFolder = '/proc/driver/nvidia/gpus';

/**
 * Names of the NVIDIA GPUs the driver shows, in the order of its list; empty where there is none
 * and on systems other than Linux. Nothing is loaded or started.
 */
export function listGpus(folder: string = driverFolder): string[] {
  let cards: string[];
  try {
    cards = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return cards.map((card) => modelOf(join(folder, card, 'information')));
}

function modelOf(file: string): string {
  try {
    return /^Model:\s*(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim() ?? 'NVIDIA GPU';
  } catch {
    return 'NVIDIA GPU';
  }
}

/**
 * The memory of each NVIDIA GPU in bytes, as the driver's own program says; empty where it cannot.
 * @param program default: `nvidia-smi`
 */
export function gpuMemory(program = 'nvidia-smi'): number[] {
  const query = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  try {
    const mebibytes = execFileSync(program, query, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const sizes = mebibytes.trim().split('\n').map(Number);
    return sizes.every((size) => size > 0) ? sizes.map((size) => size * 2 ** 20) : [];
  } catch {
    return [];
  }
}
