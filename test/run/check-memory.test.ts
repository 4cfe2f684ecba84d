import { expect } from 'chai';
import { resolveLayers } from '../../src/model/layers.js';
import type { LayerConfig } from '../../src/model/layers.js';
import { trainingMemory } from '../../src/model/memory.js';
import { planNetwork } from '../../src/model/network.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import { LockstepError } from '../../src/protocol/index.js';
import { checkMemory, memoryLimits } from '../../src/run/check-memory.js';

const adam: OptimizerSpec = {
  kind: 'adam',
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
};

function plan(layers: readonly LayerConfig[], optimizer: OptimizerSpec = adam) {
  const dropout = { kind: 'standard', rate: 0 } as const;
  const resolved = resolveLayers(layers, { activation: 'relu', init: 'he', dropout });
  return planNetwork({ layers: resolved, optimizer }, [28, 28, 1]);
}

const dense = (units: number): LayerConfig => ({ kind: 'dense', units });

describe('trainingMemory', () => {
  it('counts parameters, gradients, what the optimizer keeps, and outputs', () => {
    const network = plan([{ kind: 'flatten' }, dense(100), dense(10)]);
    const parameters = (784 * 100 + 100 + 100 * 10 + 10) * 4;
    expect(trainingMemory(network, 128)).to.deep.equal({
      total: 4 * (parameters + 128 * 784),
      layer: 1,
      ofLayer: 4 * ((784 * 100 + 100) * 4 + 128 * 100),
    });
  });

  it('counts a pooled convolution as if nothing of it were kept', () => {
    const layers: LayerConfig[] = [
      { kind: 'conv2d', filters: 8, kernelSize: 3, strides: 1, padding: 'same' },
      { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' },
      { kind: 'flatten' },
      dense(10),
    ];
    const sgd: OptimizerSpec = { kind: 'sgd', learningRate: 0.1, momentum: 0 };
    const parameters = 9 * 8 + 8 + 14 * 14 * 8 * 10 + 10;
    expect(trainingMemory(plan(layers, sgd), 16).total).to.equal(
      4 * (2 * parameters + 16 * 28 * 28 * 8),
    );
  });
});

describe('checkMemory', () => {
  const refusal = (units: number, batchSize = 128): string | undefined => {
    try {
      checkMemory(plan([{ kind: 'flatten' }, dense(units), dense(10)]), batchSize, [
        { bytes: 2 ** 32, owner: 'the wasm engine can address' },
      ]);
    } catch (error) {
      if (error instanceof LockstepError && error.code === 'usage') return error.message;
      throw error;
    }
    return undefined;
  };

  it('names the layer, what it needs and what there is', () => {
    expect(refusal(1_000_000_000)).to.equal(
      'network.layers.1 (dense): expected training to need at most 4 GiB, what the wasm engine can address, got at least 12323 GiB, 12174 GiB of it for this layer',
    );
    expect(refusal(100, 20_000_000)).to.match(/^network\.layers\.0 \(flatten\): .* 58 GiB of it/);
  });

  it('lets pass what fits', () => {
    expect(refusal(100_000)).to.equal(undefined);
  });

  it('limits the wasm engine to what it can address, and what is computed here to this machine', () => {
    expect(memoryLimits('wasm', false)[0]?.bytes).to.equal(2 ** 32);
    expect(memoryLimits('tensorflow', false)).to.have.length(1);
    expect(memoryLimits('tensorflow', true)).to.deep.equal([]);
  });
});
