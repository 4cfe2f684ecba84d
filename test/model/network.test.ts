import { expect } from 'chai';
import fc from 'fast-check';
import { inferShapes } from '../../src/model/network.js';
import { LockstepError } from '../../src/protocol/index.js';
import type { ImageShape, LayerSpec } from '../../src/protocol/index.js';

const conv: LayerSpec = {
  kind: 'conv2d',
  filters: 32,
  kernelSize: 5,
  strides: 1,
  padding: 'same',
};
const pool: LayerSpec = { kind: 'maxPool', poolSize: 2, strides: 2, padding: 'same' };
const flatten: LayerSpec = { kind: 'flatten' };
const dense: LayerSpec = { kind: 'dense', units: 10 };
const tutorial: readonly LayerSpec[] = [
  conv,
  pool,
  { ...conv, filters: 64 },
  pool,
  flatten,
  { kind: 'dense', units: 1024 },
  { kind: 'dropout' },
  dense,
];

function shapesOf(layers: readonly LayerSpec[], imageShape: ImageShape = [28, 28, 1]) {
  return inferShapes(layers, imageShape).map(({ outputShape }) => outputShape);
}

function expectMisfit(layers: readonly LayerSpec[], message: string): void {
  let error: unknown;
  try {
    inferShapes(layers, [28, 28, 1]);
  } catch (caught) {
    error = caught;
  }
  expect(error).to.be.instanceOf(LockstepError);
  expect((error as LockstepError).code).to.equal('usage');
  expect((error as LockstepError).message).to.include(message);
  expect((error as LockstepError).hint).to.be.a('string');
}

describe('inferShapes', () => {
  it("knows the tutorial's shapes, fans and kernels", () => {
    const shapes = inferShapes(tutorial, [28, 28, 1]);
    expect(shapes.map(({ outputShape }) => outputShape)).to.deep.equal([
      [28, 28, 32],
      [14, 14, 32],
      [14, 14, 64],
      [7, 7, 64],
      [3136],
      [1024],
      [1024],
      [10],
    ]);
    const fans = shapes.flatMap(({ fanIn }) => fanIn ?? []);
    expect(fans).to.deep.equal([25, 800, 3136, 1024]);
    expect(shapes.flatMap(({ kernelShape }) => (kernelShape ? [kernelShape] : []))).to.deep.equal([
      [5, 5, 1, 32],
      [5, 5, 32, 64],
      [3136, 1024],
      [1024, 10],
    ]);
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
        const layer: LayerSpec = { ...pool, poolSize: kernelSize, strides, padding: 'valid' };
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
    const layers: LayerSpec[] = [{ ...conv, kernelSize: 29, padding: 'valid' }, flatten, dense];
    expectMisfit(layers, 'network.layers.0 (conv2d): expected an input of at least 29x29');
  });

  it('wants a dense layer last, for the logits', () => {
    expectMisfit(
      [flatten],
      'expected the last layer to be dense (it gives the logits), got flatten',
    );
    expectMisfit([], 'got no layers');
  });
});
