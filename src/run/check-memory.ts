import { totalmem } from 'node:os';
import type { LayerSpec } from '../model/layers.js';
import { trainingMemory } from '../model/memory.js';
import { placeOf } from '../model/place.js';
import { everyLayer, LockstepError } from '../protocol/index.js';
import type { EngineName, NetworkPlan } from '../protocol/index.js';
import { count } from '../text/numbers.js';

/** Memory that training cannot have more of. */
export interface MemoryLimit {
  readonly bytes: number;
  /** What has that much, to follow `all that`. */
  readonly owner: string;
  /** How many trials at once share it, with all their variants; absent: every session has as much. */
  readonly trials?: number;
}

export interface MemorySituation {
  /** Trials that run at the same time. */
  readonly jobs: number;
  /** Bytes of each GPU that the engine may compute on; empty where it has none or they are not known. */
  readonly gpus: readonly number[];
  /** Whether the engine may compute on a GPU. */
  readonly onGpu: boolean;
}

export function memoryLimits(
  engine: EngineName,
  { jobs, gpus, onGpu }: MemorySituation,
): MemoryLimit[] {
  const constrained = process.constrainedMemory() || Infinity;
  const machine = Math.min(totalmem(), constrained);
  return [
    ...(engine === 'wasm' ? [{ bytes: 2 ** 32, owner: 'the wasm engine can address' }] : []),
    ...(onGpu ? [] : [{ bytes: machine, owner: 'this machine has', trials: jobs }]),
    ...(onGpu && gpus.length > 0
      ? [{ bytes: Math.min(...gpus), owner: 'the GPU has', trials: Math.ceil(jobs / gpus.length) }]
      : []),
  ];
}

/** Training that no memory holds. */
export interface MemoryProblem {
  /** The variant that needs most. */
  readonly variant: string;
  /** `usage`, naming its largest layer. */
  readonly error: LockstepError;
}

/**
 * What keeps variants from being trained side by side, if anything.
 * @param plans by variant
 * @param batchSize examples of a minibatch
 * @param seeds as many trials run at once at most
 */
export function memoryProblem(
  plans: ReadonlyMap<string, NetworkPlan>,
  { batchSize, seeds }: { readonly batchSize: number; readonly seeds: number },
  limits: readonly MemoryLimit[],
): MemoryProblem | undefined {
  const needs = [...plans].map(([variant, plan]) => ({
    variant,
    plan,
    ...trainingMemory(plan, batchSize),
  }));
  const [largest] = needs.sort((a, b) => b.total - a.total);
  if (largest === undefined) return undefined;
  const together = needs.reduce((sum, { total }) => sum + total, 0);
  for (const { bytes, owner, trials } of limits) {
    const atOnce = Math.min(trials ?? 1, seeds);
    const needed = trials === undefined ? largest.total : together * atOnce;
    if (needed <= bytes) continue;
    const { variant, plan, layer, ofLayer } = largest;
    const { path, text } = placeOf(
      plan.layers.map(({ spec }) => spec as LayerSpec),
      everyLayer(plan.layers)[layer]!.path,
    );
    const sessions = count(needs.length * atOnce, 'session');
    const forAll = needed > largest.total ? ` for ${sessions} at once` : '';
    const error = new LockstepError(
      'usage',
      `${text}: expected training to fit into ${gibibytes(bytes)}, all that ${owner}, but it needs at least ${gibibytes(needed)}${forAll}, ${gibibytes(ofLayer)} of it for this layer`,
      {
        hint: `${atOnce > 1 ? 'Lower --jobs, or make' : 'Make'} the layer or data.batchSize smaller.`,
        path,
      },
    );
    return { variant, error };
  }
  return undefined;
}

function gibibytes(bytes: number): string {
  const amount = bytes / 2 ** 30;
  return `${amount < 10 ? Number(amount.toPrecision(2)) : Math.round(amount)} GiB`;
}
