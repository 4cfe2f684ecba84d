import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { gpuMemory } from '../../src/engines/gpus.js';
import { resolveLayers } from '../../src/model/layers.js';
import type { LayerConfig } from '../../src/model/layers.js';
import { trainingMemory } from '../../src/model/memory.js';
import { planNetwork } from '../../src/model/network.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import { memoryLimits, memoryProblem } from '../../src/run/check-memory.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

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
  return planNetwork({ layers: resolved, optimizer, objective: defaultObjective }, [28, 28, 1]);
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

describe('memoryProblem', () => {
  const wasm = { bytes: 2 ** 32, owner: 'the wasm engine can address' };
  const machine = (gibibytes: number, trials: number) => ({
    bytes: gibibytes * 2 ** 30,
    owner: 'this machine has',
    trials,
  });

  /** @param units of the hidden layer, by variant */
  function refusal(
    units: Readonly<Record<string, number>>,
    limits = [wasm],
    { batchSize = 128, seeds = 10 } = {},
  ) {
    const plans = Object.entries(units).map(
      ([name, hidden]) => [name, plan([{ kind: 'flatten' }, dense(hidden), dense(10)])] as const,
    );
    return memoryProblem(new Map(plans), { batchSize, seeds }, limits);
  }

  it('names the layer, what it needs and what there is', () => {
    const { variant, error } = refusal({ a: 100, b: 1_000_000_000 })!;
    expect(variant).to.equal('b');
    expect(error.message).to.equal(
      'network.layers.1 (dense): expected training to fit into 4 GiB, all that the wasm engine can address, but it needs at least 12323 GiB, 12174 GiB of it for this layer',
    );
    const batch = refusal({ a: 100 }, [wasm], { batchSize: 20_000_000 });
    expect(batch?.error.message).to.match(/^network\.layers\.0 \(flatten\): .* 58 GiB of it/);
  });

  it('names a repeated layer as it is written', () => {
    const layers: LayerConfig[] = [
      { kind: 'flatten' },
      { kind: 'repeat', times: 2, layers: [dense(10), dense(900_000_000)] },
      dense(10),
    ];
    const { error } = memoryProblem(new Map([['a', plan(layers)]]), { batchSize: 1, seeds: 1 }, [
      wasm,
    ])!;
    expect(error.message).to.match(/^network\.layers\.1\.layers\.1 \(dense, repetition 1 of 2\): /);
    expect(error.path).to.deep.equal(['network', 'layers', 1, 'layers', 1]);
    const later = { kind: 'repeat', times: 2, layers: [dense(900_000_000)] } as const;
    const { error: second } = memoryProblem(
      new Map([['a', plan([{ kind: 'flatten' }, dense(10), later])]]),
      { batchSize: 1, seeds: 1 },
      [wasm],
    )!;
    expect(second.message).to.match(
      /^network\.layers\.2\.layers\.0 \(dense, repetition 2 of 2\): /,
    );
  });

  it('lets pass what fits', () => {
    expect(refusal({ a: 100_000, b: 100_000, c: 100_000, d: 100_000 })).to.equal(undefined);
  });

  it('adds up the variants of all trials that run at once', () => {
    const units = { a: 100_000, b: 100_000 };
    expect(refusal(units, [machine(3, 1)])).to.equal(undefined);
    const { error } = refusal(units, [machine(3, 4)])!;
    expect(error.message).to.match(
      /^network\.layers\.1 \(dense\): expected training to fit into 3 GiB, all that this machine has, but it needs at least 9\.\d GiB for 8 sessions at once, 1\.2 GiB of it for this layer$/,
    );
    expect(error.hint).to.equal('Lower --jobs, or make the layer or data.batchSize smaller.');
    // One seed is one trial, whatever --jobs allows.
    expect(refusal(units, [machine(3, 4)], { seeds: 1 })).to.equal(undefined);
    expect(refusal(units, [machine(2, 4)], { seeds: 1 })?.error.hint).to.match(/^Make the layer/);
  });
});

describe('memoryLimits', () => {
  const gpus = [80 * 2 ** 30, 40 * 2 ** 30];

  it('are what the wasm engine can address and this machine has', () => {
    const [wasm, machine] = memoryLimits('wasm', { jobs: 3, gpus: [], onGpu: false });
    expect(wasm).to.deep.equal({ bytes: 2 ** 32, owner: 'the wasm engine can address' });
    expect(machine).to.deep.include({ owner: 'this machine has', trials: 3 });
    const native = memoryLimits('tensorflow', { jobs: 3, gpus: [], onGpu: false });
    expect(native).to.deep.equal([machine]);
  });

  it('are those of the smallest GPU, which its share of the trials shares, or not known', () => {
    expect(memoryLimits('tensorflow', { jobs: 5, gpus, onGpu: true })).to.deep.equal([
      { bytes: 40 * 2 ** 30, owner: 'the GPU has', trials: 3 },
    ]);
    expect(memoryLimits('tensorflow', { jobs: 5, gpus: [], onGpu: true })).to.deep.equal([]);
  });
});

describe('gpuMemory', () => {
  it('is what the driver says, in bytes; empty without its program or an answer', () =>
    withTemporaryFolder((folder) => {
      const program = (name: string, body: string) => {
        const path = join(folder, name);
        writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
        return path;
      };
      const two = program(
        'two',
        'test "$1" = --query-gpu=memory.total && echo 81559 && echo 40960',
      );
      expect(gpuMemory(two)).to.deep.equal([81559 * 2 ** 20, 40960 * 2 ** 20]);
      expect(gpuMemory(program('none', 'echo "No devices were found"'))).to.deep.equal([]);
      expect(gpuMemory(program('lost', 'echo "[N/A]"'))).to.deep.equal([]);
      expect(gpuMemory(program('broken', 'exit 9'))).to.deep.equal([]);
      expect(gpuMemory(join(folder, 'absent'))).to.deep.equal([]);
    }));
});
