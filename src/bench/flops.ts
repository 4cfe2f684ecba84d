import { planNetwork } from '../model/network.js';
import type { NetworkVariant } from '../model/variant.js';
import { everyLayer } from '../protocol/index.js';
import type { Shape } from '../protocol/index.js';

/**
 * Floating-point operations of convolutions and dense layers in one step on one minibatch: forward,
 * the gradients of weights and of inputs (not of the network's own), and the forward pass of the evaluation.
 * A multiplication and an addition count as two; elementwise work is not counted.
 */
export function stepFlops(variant: NetworkVariant, inputs: Shape, batch: number): number {
  return everyLayer(planNetwork(variant, inputs).layers)
    .filter(({ flops }) => flops > 0)
    .reduce((sum, { flops }, index) => sum + batch * flops * (index === 0 ? 3 : 4), 0);
}
