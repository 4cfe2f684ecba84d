import { expect } from 'chai';
import fc from 'fast-check';
import { resolveLayers } from '../../src/model/layers.js';
import type { LayerConfig } from '../../src/model/layers.js';
import { checkpointShapes, parameterCount, planNetwork } from '../../src/model/network.js';
import { defaultObjective } from '../../src/model/objectives.js';
import type { OptimizerSpec } from '../../src/model/optimizers.js';
import { LockstepError } from '../../src/protocol/index.js';
import { everyLayer } from '../../src/protocol/index.js';
import type { NetworkPlan, Shape } from '../../src/protocol/index.js';
import { sizeOf } from '../../src/model/layers/shapes.js';

const conv: LayerConfig = {
  kind: 'conv2d',
  filters: 32,
  kernelSize: 5,
  strides: 1,
  padding: 'same',
};
const pool: LayerConfig = { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' };
const flatten: LayerConfig = { kind: 'flatten' };
const dense: LayerConfig = { kind: 'dense', units: 10 };
const tutorial: readonly LayerConfig[] = [
  conv,
  pool,
  { ...conv, filters: 64 },
  pool,
  flatten,
  { kind: 'dense', units: 1024 },
  { kind: 'dropout' },
  dense,
];

const sgd: OptimizerSpec = { kind: 'sgd', learningRate: 0.1, momentum: 0 };

function plan(
  layers: readonly LayerConfig[],
  input: Shape = [28, 28, 1],
  optimizer = sgd,
): NetworkPlan {
  const dropout = { kind: 'standard', rate: 0.5 } as const;
  return planNetwork(
    {
      layers: resolveLayers(layers, { activation: 'relu', init: 'he', dropout }),
      optimizer,
      objective: defaultObjective,
    },
    input,
  );
}

function shapesOf(layers: readonly LayerConfig[], input?: Shape) {
  return plan(layers, input).layers.map(({ output }) => output);
}

function expectMisfit(layers: readonly LayerConfig[], message: string): void {
  let error: unknown;
  try {
    plan(layers);
  } catch (caught) {
    error = caught;
  }
  expect(error).to.be.instanceOf(LockstepError);
  expect((error as LockstepError).code).to.equal('usage');
  expect((error as LockstepError).message).to.include(message);
  expect((error as LockstepError).hint).to.be.a('string');
}

describe('planNetwork', () => {
  it("knows the tutorial's shapes, parameters and operations", () => {
    const { layers, outputs } = plan(tutorial);
    expect(layers.map(({ output }) => output)).to.deep.equal([
      [28, 28, 32],
      [14, 14, 32],
      [14, 14, 64],
      [7, 7, 64],
      [3136],
      [1024],
      [1024],
      [10],
    ]);
    expect(outputs).to.equal(10);
    const parameters = layers.flatMap((layer) => layer.parameters);
    const kernels = parameters.filter(({ role }) => role === 'kernel');
    expect(kernels.map(({ name, shape }) => [name, shape])).to.deep.equal([
      ['layers.0.kernel', [5, 5, 1, 32]],
      ['layers.2.kernel', [5, 5, 32, 64]],
      ['layers.5.kernel', [3136, 1024]],
      ['layers.7.kernel', [1024, 10]],
    ]);
    expect(kernels.map(({ init }) => init)).to.deep.equal(
      [25, 800, 3136, 1024].map((fanIn) => ({ distribution: 'normal', variance: 2 / fanIn })),
    );
    const biases = parameters.filter(({ role }) => role === 'bias');
    expect(biases.map(({ shape, init }) => [shape, init])).to.deep.equal(
      [32, 64, 1024, 10].map((units) => [[units], 'zeros']),
    );
    expect(layers.map(({ flops }) => flops)).to.deep.equal([
      ...[2 * 28 * 28 * 25 * 32, 0, 2 * 14 * 14 * 800 * 64, 0],
      ...[0, 2 * 3136 * 1024, 0, 2 * 1024 * 10],
    ]);
  });

  it('names what a checkpoint holds, the state of the optimizer after the parameters', () => {
    const layers = [flatten, dense];
    expect(checkpointShapes(plan(layers, [2, 2, 1]))).to.deep.equal({
      'layers.1.kernel': [4, 10],
      'layers.1.bias': [10],
    });
    const momentum = plan(layers, [2, 2, 1], { ...sgd, momentum: 0.9 });
    expect(Object.keys(checkpointShapes(momentum))).to.deep.equal([
      ...['layers.1.kernel', 'layers.1.bias'],
      ...['optimizer.momentum.layers.1.kernel', 'optimizer.momentum.layers.1.bias'],
    ]);
    expect(parameterCount(momentum)).to.equal(50);
  });

  it('gives every layer that draws a random stream of its own, up to 64', () => {
    const drops = (count: number) => Array<LayerConfig>(count).fill({ kind: 'dropout' });
    const { layers } = plan([flatten, ...drops(2), dense, ...drops(1)]);
    expect(layers.map(({ stream }) => stream)).to.deep.equal([undefined, 0, 1, undefined, 2]);
    expect(plan([flatten, ...drops(64), dense]).layers.at(-2)?.stream).to.equal(63);
    expectMisfit(
      [flatten, ...drops(65), dense],
      'network.layers.65 (dropout): expected at most 64 layers that draw',
    );
  });

  it("follows TensorFlow's SAME and VALID for odd sizes and strides", () => {
    const layer = { kind: 'conv2d', filters: 3, kernelSize: 4, strides: 3 } as const;
    const [same] = shapesOf([{ ...layer, padding: 'same' }, flatten, dense], [11, 8, 2]);
    const [valid] = shapesOf([{ ...layer, padding: 'valid' }, flatten, dense], [11, 8, 2]);
    expect(same).to.deep.equal([4, 3, 3]);
    expect(valid).to.deep.equal([3, 2, 3]);
  });

  it('gives every conv2d that fits as many outputs as windows that start inside', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, (length, kernelSize, strides) => {
        fc.pre(kernelSize <= length);
        const layer: LayerConfig = { ...pool, poolSize: kernelSize, strides, padding: 'valid' };
        const [[height]] = shapesOf([layer, flatten, dense], [length, length, 1]) as [[number]];
        let windows = 0;
        for (let start = 0; start + kernelSize <= length; start += strides) windows += 1;
        expect(height).to.equal(windows);
      }),
    );
  });

  it('names the layer that needs an image but has none', () => {
    expectMisfit([flatten, conv, dense], 'network.layers.1 (conv2d): expected an image');
    expectMisfit([conv, flatten, pool, dense], 'network.layers.2 (maxPool): expected an image');
  });

  it('names a dense layer before flatten', () => {
    expectMisfit([conv, dense], 'network.layers.1 (dense): expected a flat input');
  });

  it('names a window larger than its input', () => {
    const layers: LayerConfig[] = [{ ...conv, kernelSize: 29, padding: 'valid' }, flatten, dense];
    expectMisfit(layers, 'network.layers.0 (conv2d): expected an input of at least 29x29');
  });

  it('convolves in groups, with windows and steps that differ by direction', () => {
    const layer: LayerConfig = {
      ...conv,
      filters: 6,
      groups: 2,
      kernelSize: [3, 5],
      strides: [1, 2],
      dilation: [2, 1],
      bias: false,
    };
    const [planned] = plan([layer, flatten, dense], [9, 12, 4]).layers;
    expect(planned?.output).to.deep.equal([9, 6, 6]);
    const [kernel, ...others] = planned!.parameters;
    expect(others).to.deep.equal([]);
    expect(kernel).to.deep.include({ shape: [3, 5, 2, 6] });
    expect(kernel!.init).to.deep.equal({ distribution: 'normal', variance: 2 / (15 * 2) });
    expect(planned?.flops).to.equal(2 * 15 * 2 * 9 * 6 * 6);
    const valid: LayerConfig = { ...layer, padding: 'valid' };
    expect(shapesOf([valid, flatten, dense], [9, 12, 4])[0]).to.deep.equal([5, 4, 6]);
  });

  it('names the setting whose groups do not divide the channels or the filters', () => {
    const layer: LayerConfig = { ...conv, groups: 3, filters: 6 };
    const at = 'network.layers.0.groups (conv2d): expected';
    expectMisfit(
      [layer, flatten, dense],
      `${at} input channels in multiples of its 3 groups, got 1`,
    );
    const odd: LayerConfig = { ...layer, groups: 1 };
    expectMisfit(
      [odd, { ...layer, filters: 7 }],
      `network.layers.1.groups (conv2d): expected filters`,
    );
  });

  it('names the parameters inside a residual block, and projects where shapes differ', () => {
    const block = (...layers: LayerConfig[]): LayerConfig => ({ kind: 'residual', layers });
    const twice = (filters: number, strides: number) =>
      block(
        { ...conv, kernelSize: 3, filters, strides },
        { kind: 'dropout' },
        { ...conv, filters },
      );
    const inner = block({ kind: 'dense', units: 8 }, { kind: 'dropout' });
    const planned = plan(
      [twice(1, 1), twice(6, 2), flatten, block(inner, inner), dense],
      [9, 8, 1],
    );
    expect(planned.layers.map(({ output }) => output)).to.deep.equal([
      ...[[9, 8, 1], [5, 4, 6], [120], [8], [10]],
    ]);
    const shapes = checkpointShapes(planned);
    expect(Object.keys(shapes).filter((name) => !name.endsWith('bias'))).to.deep.equal([
      'layers.0.layers.0.kernel',
      'layers.0.layers.2.kernel',
      'layers.1.projection.kernel',
      'layers.1.layers.0.kernel',
      'layers.1.layers.2.kernel',
      'layers.3.projection.kernel',
      'layers.3.layers.0.projection.kernel',
      'layers.3.layers.0.layers.0.kernel',
      'layers.3.layers.1.layers.0.kernel',
      'layers.4.kernel',
    ]);
    expect(shapes['layers.1.projection.kernel']).to.deep.equal([1, 1, 1, 6]);
    expect(shapes['layers.3.projection.kernel']).to.deep.equal([120, 8]);
    const count = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
    expect(parameterCount(planned)).to.equal(count);
    const streams = everyLayer(planned.layers).flatMap(({ stream }) => stream ?? []);
    expect(streams).to.deep.equal([0, 1, 2, 3]);
  });

  it('gives the activation of the logits to the last layer that weighs, inside a block or before it', () => {
    const activationsOf = (layers: readonly LayerConfig[]) =>
      everyLayer(plan(layers, [4]).layers).flatMap(({ spec }) => {
        const { activation } = spec as { readonly activation?: { readonly kind: string } };
        return activation === undefined ? [] : [activation.kind];
      });
    const four: LayerConfig = { kind: 'dense', units: 4 };
    const activation: LayerConfig = { kind: 'activation' };
    expect(activationsOf([four, activation, four])).to.deep.equal(['relu', 'relu', 'linear']);
    expect(activationsOf([four, activation])).to.deep.equal(['linear', 'relu']);
    expect(activationsOf([four, { kind: 'residual', layers: [four, four] }])).to.deep.equal([
      ...['relu', 'relu', 'linear'],
    ]);
    expect(activationsOf([four, { kind: 'residual', layers: [activation] }])).to.deep.equal([
      ...['linear', 'relu'],
    ]);
  });

  it('repeats layers, counting them on, and gives the activation of the logits to the very last', () => {
    const repeat = (times: number, ...layers: LayerConfig[]): LayerConfig => {
      return { kind: 'repeat', times, layers };
    };
    const four: LayerConfig = { kind: 'dense', units: 4 };
    const planned = plan([repeat(3, four, { kind: 'dropout' }), repeat(1, repeat(2, four))], [5]);
    const dense = everyLayer(planned.layers).filter(({ spec }) => spec.kind === 'dense');
    expect(dense.map(({ path, input, spec }) => [path.join('.'), input[0], spec])).to.deep.equal(
      [
        ['layers.0.layers.0', 5, 'relu'],
        ['layers.0.layers.2', 4, 'relu'],
        ['layers.0.layers.4', 4, 'relu'],
        ['layers.1.layers.0.layers.0', 4, 'relu'],
        ['layers.1.layers.0.layers.1', 4, 'linear'],
      ].map(([name, input, kind]) => [name, input, { ...dense[0]!.spec, activation: { kind } }]),
    );
    expect(planned.outputs).to.equal(4);
  });

  it('names the layer that does not fit as it is written, and its repetition', () => {
    const repeat = (times: number, ...layers: LayerConfig[]): LayerConfig => {
      return { kind: 'repeat', times, layers };
    };
    expectMisfit(
      [repeat(2, conv, flatten), dense],
      'network.layers.0.layers.0 (conv2d, repetition 2 of 2): expected',
    );
    expectMisfit(
      [repeat(3, conv, { kind: 'residual', layers: [{ ...conv, padding: 'valid' }] }), flatten],
      'network.layers.0.layers.1.layers (residual, repetition 1 of 3): expected',
    );
    expectMisfit(
      [flatten, repeat(30, dense, repeat(3, dense, { kind: 'dropout' })), dense],
      'network.layers.1.layers.1.layers.1 (dropout, repetition 22 of 30, in it repetition 2 of 3): expected at most 64 layers',
    );
  });

  it('names the layer inside a block that does not fit, and the block whose ends do not', () => {
    const block = (...layers: LayerConfig[]): LayerConfig => ({ kind: 'residual', layers });
    expectMisfit(
      [block(conv, block(conv, { kind: 'dense', units: 3 })), flatten, dense],
      'network.layers.0.layers.1.layers.1 (dense): expected a flat input',
    );
    expectMisfit(
      [conv, block({ ...conv, padding: 'valid', filters: 3 }), flatten, dense],
      'network.layers.1.layers (residual): expected layers that give [28, 28] pixels',
    );
    expectMisfit(
      [block(flatten), dense],
      'network.layers.0.layers (residual): expected layers that give an image for an image',
    );
  });

  it('takes whatever gives a vector as the logits, and refuses an image', () => {
    const whole: LayerConfig = { ...conv, filters: 10, kernelSize: 28, padding: 'valid' };
    expect(plan([whole, flatten]).outputs).to.equal(10);
    expectMisfit([conv], 'expected the last layer to give one axis [outputs], got [28, 28, 32]');
  });
});
