import { everyLayer } from '../protocol/network-plan.js';
import type { NetworkPlan } from '../protocol/network-plan.js';
import { sizeOf } from './layers/shapes.js';

const bytesOfFloat = 4;

/** What training holds in memory, in bytes. */
export interface TrainingMemory {
  readonly total: number;
  /** Position of the layer that needs most, among {@link everyLayer}. */
  readonly layer: number;
  /** What it needs. */
  readonly ofLayer: number;
}

/**
 * A lower bound of what training on minibatches of `batchSize` examples holds at once: all parameters with
 * their gradients and the optimizer's state, and the largest output of a layer or all those that come
 * from parameters and are not pooled at once, as the gradients need them.
 */
export function trainingMemory(
  { layers: outer, optimizer }: NetworkPlan,
  batchSize: number,
): TrainingMemory {
  const layers = everyLayer(outer);
  const outputs = layers.map(({ output }) => bytesOfFloat * batchSize * sizeOf(output));
  const parameters = layers.map((layer) =>
    layer.parameters.reduce((sum, { name, shape, trainable }) => {
      const slots = optimizer.slots.filter(({ parameter }) => parameter === name).length;
      return sum + bytesOfFloat * sizeOf(shape) * (trainable ? 2 + slots : 1);
    }, 0),
  );
  const isPooled = (index: number) =>
    parameters[index + 1] === 0 && outputs[index + 1]! < outputs[index]!;
  const kept = outputs.filter((_, index) => parameters[index]! > 0 && !isPooled(index));
  const needs = layers.map((_, index) => parameters[index]! + outputs[index]!);
  const ofLayer = Math.max(...needs);
  return {
    total: sum(parameters) + Math.max(sum(kept), ...outputs),
    layer: needs.indexOf(ofLayer),
    ofLayer,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
