import { totalmem } from 'node:os';
import { trainingMemory } from '../model/memory.js';
import { LockstepError } from '../protocol/index.js';
import type { EngineName, NetworkPlan } from '../protocol/index.js';

/** Memory that a session cannot have more of. */
export interface MemoryLimit {
  readonly bytes: number;
  /** What has that much, to follow `what`. */
  readonly owner: string;
}

/** @param onGpu whether the engine may compute on a GPU, whose memory is not known here */
export function memoryLimits(engine: EngineName, onGpu: boolean): MemoryLimit[] {
  const constrained = process.constrainedMemory() || Infinity;
  const machine = { bytes: Math.min(totalmem(), constrained), owner: 'this machine has' };
  const wasm = { bytes: 2 ** 32, owner: 'the wasm engine can address' };
  return [...(engine === 'wasm' ? [wasm] : []), ...(onGpu ? [] : [machine])];
}

/** @throws LockstepError `usage` naming the largest layer of a network that cannot be trained */
export function checkMemory(
  plan: NetworkPlan,
  batchSize: number,
  limits: readonly MemoryLimit[],
): void {
  const { total, layer, ofLayer } = trainingMemory(plan, batchSize);
  const limit = limits.find(({ bytes }) => total > bytes);
  if (limit === undefined) return;
  const { kind } = plan.layers[layer]!.spec;
  throw new LockstepError(
    'usage',
    `network.layers.${layer} (${kind}): expected training to need at most ${gibibytes(limit.bytes)}, what ${limit.owner}, got at least ${gibibytes(total)}, ${gibibytes(ofLayer)} of it for this layer`,
    {
      hint: 'Make the layer or data.batchSize smaller.',
      path: ['network', 'layers', layer],
    },
  );
}

function gibibytes(bytes: number): string {
  const count = bytes / 2 ** 30;
  return `${count < 10 ? Number(count.toPrecision(2)) : Math.round(count)} GiB`;
}
