import { execFile } from 'node:child_process';
import { mkdir, realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { writeAtomic } from '../files/write-atomic.js';
import { kubernetesJobs } from '../machines/kubernetes-jobs.js';
import type { KubernetesJobs } from '../machines/kubernetes-jobs.js';
import { isCancelled, openBatches, readStoredManifest } from '../machines/run-store.js';
import type { Batch } from '../machines/run-store.js';
import { slurmScript } from '../machines/slurm-script.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from '../run/manifest.js';
import { openStore } from '../store/open-store.js';
import { storeAddress } from './dispatch-run.js';
import type { Surroundings } from './surroundings.js';

interface OpenRun {
  /** As other processes are given it. */
  readonly address: string;
  readonly manifest: Manifest;
  /** Of the trials that have no commit. */
  readonly batches: readonly Batch[];
}

async function openRun(typed: string, surroundings: Surroundings): Promise<OpenRun> {
  const address = storeAddress(typed, surroundings);
  const store = await openStore(address, surroundings);
  const { manifest } = await readStoredManifest(store);
  if (await isCancelled(store)) {
    throw new LockstepError(
      'usage',
      `${store.url}: expected a run to train, got one that was cancelled`,
      {
        hint: `Run \`lockstep resume ${store.url}\` first.`,
      },
    );
  }
  return { address, manifest, batches: await openBatches(store, manifest) };
}

/** One `sbatch` command: an array of trials. */
export interface SlurmArray {
  readonly trials: number;
  readonly command: readonly string[];
  /** Of the job, where it was submitted. */
  readonly job?: string;
}

export interface SlurmRequest {
  /** As typed. */
  readonly store: string;
  readonly submit: boolean;
  /** The most trials at a time; undefined: as many as Slurm starts. */
  readonly concurrency: number | undefined;
  /** A folder for the script and the logs of the jobs; undefined: `slurm` in the store, or here for one in S3. */
  readonly logs: string | undefined;
  /** Starts Lockstep on the machines; undefined: this program, by its absolute path. */
  readonly lockstep: readonly string[] | undefined;
  /** Further arguments of `lockstep trial`. */
  readonly trialArguments: readonly string[];
  /** For `sbatch`; they win over those of the script. */
  readonly flags: readonly string[];
}

/**
 * Writes the batch script of all trials of a run in a store that have no commit, and the commands that submit it as array
 * jobs; with `submit` runs them.
 * @throws LockstepError `usage` where there is no run, `worker` where `sbatch` fails
 */
export async function slurmArrays(
  request: SlurmRequest,
  surroundings: Surroundings,
): Promise<{ readonly script: string; readonly arrays: readonly SlurmArray[] }> {
  const { submit, concurrency, trialArguments, flags } = request;
  const { address, manifest, batches } = await openRun(request.store, surroundings);
  const { cwd } = surroundings;
  const inStore = isAbsolute(address) ? join(address, 'slurm') : `lockstep-slurm-${manifest.runId}`;
  const logs = resolve(cwd, request.logs ?? inStore);
  const script = join(logs, 'trials.sh');
  const threads = Object.keys(manifest.config.variants).length;
  const { runId } = manifest;
  const lockstep = request.lockstep ?? (await thisProgram());
  const text = slurmScript({ runId, store: address, lockstep, trialArguments, threads, logs });
  await mkdir(logs, { recursive: true });
  await writeAtomic(script, text);
  const parts = batches.flatMap(inArrays(await largestArray()));
  const arrays: SlurmArray[] = [];
  for (const { number, from, trials } of parts) {
    const limit = concurrency === undefined ? '' : `%${concurrency}`;
    const command = [
      ...['sbatch', '--parsable', `--array=0-${trials - 1}${limit}`],
      // One array after the other, so that the limit is that of all.
      ...(concurrency !== undefined && parts.length > 1 ? ['--dependency=singleton'] : []),
      ...[...flags, script, String(number), String(from)],
    ];
    arrays.push({ trials, command, ...(submit && { job: await runSbatch(command) }) });
  }
  return { script, arrays };
}

/** Node.js and the file that it runs: other machines have them in the same place. */
async function thisProgram(): Promise<string[]> {
  return [process.execPath, await realpath(process.argv[1]!)];
}

/** Parts of a batch whose indices the cluster takes. */
function inArrays(largest: number) {
  return ({ number, trials }: Batch) => {
    const count = Math.ceil(trials / largest);
    return Array.from({ length: count }, (_, part) => {
      const from = part * largest;
      return { number, from, trials: Math.min(largest, trials - from) };
    });
  };
}

/** The cluster's MaxArraySize, which all indices are below; Slurm's default where there is no cluster. */
async function largestArray(): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)('scontrol', ['show', 'config']);
    const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout)?.[1]);
    return size > 0 ? size : 1001;
  } catch {
    return 1001;
  }
}

async function runSbatch([program = '', ...args]: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    // With several clusters it is `<job>;<cluster>`.
    return stdout.trim().split(';')[0]!;
  } catch (cause) {
    const { stderr, code, message } = cause as Error & { stderr?: string; code?: unknown };
    throw new LockstepError(
      code === 'ENOENT' ? 'usage' : 'worker',
      code === 'ENOENT'
        ? '--submit: expected sbatch in PATH, found none'
        : `sbatch failed: ${stderr === undefined || stderr === '' ? message : stderr.trim()}`,
      { cause, hint: 'Without --submit the commands are printed, to be run where Slurm is.' },
    );
  }
}

export interface KubernetesRequest extends Omit<
  KubernetesJobs,
  'runId' | 'store' | 'batches' | 'cpu'
> {
  /** As typed. */
  readonly store: string;
  /** Undefined: one for each variant. */
  readonly cpu: string | undefined;
}

/**
 * The Jobs of all trials of a run in a store that have no commit.
 * @throws LockstepError `usage` where there is no run, and where pods would not reach the store
 */
export async function kubernetesManifests(
  request: KubernetesRequest,
  surroundings: Surroundings,
): Promise<readonly unknown[]> {
  const { address, manifest, batches } = await openRun(request.store, surroundings);
  const { volume } = request;
  if (isAbsolute(address) && !(volume !== undefined && isBelow(address, volume.path))) {
    throw new LockstepError(
      'usage',
      `--volume: expected a volume that has the store's folder, ${address}, got ${volume === undefined ? 'none' : `one at ${volume.path}`}`,
      { hint: 'For instance --volume CLAIM:/shared, or keep the run in S3.' },
    );
  }
  const cpu = request.cpu ?? String(Object.keys(manifest.config.variants).length);
  return kubernetesJobs({ ...request, cpu, runId: manifest.runId, store: address, batches });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`);
}
