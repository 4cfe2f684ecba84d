import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadDataset } from '../../../src/data/load.js';
import { standardized } from '../../../src/data/scalings/standardized.js';
import { splitTraining } from '../../../src/data/splits/split-training.js';
import type { Examples } from '../../../src/protocol/index.js';
import { labeledImages, shared } from '../../support/examples.js';

interface Golden {
  readonly mnist: {
    readonly validationSize: number;
    readonly pixels: readonly number[];
    readonly mean: readonly number[];
    readonly std: readonly number[];
    readonly sumOfMeans: number;
    readonly sumOfStds: number;
    readonly constantPixels: readonly number[];
    readonly examples: readonly number[];
    readonly scaledAtPixels: readonly (readonly number[])[];
  };
  readonly synthetic: {
    readonly images: readonly (readonly number[])[];
    readonly mean: readonly number[];
    readonly std: readonly number[];
  };
}
// scripts/goldens/scalings.py makes it.
const golden = JSON.parse(
  readFileSync('test/data/scalings/scalings.golden.json', 'utf8'),
) as Golden;

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance = 1e-12) {
  expect(got.length).to.equal(wanted.length);
  wanted.forEach((value, i) => {
    expect(got[i]).to.be.closeTo(value, tolerance, `at ${i}`);
  });
}

const fit = (train: Examples) => standardized.fit(train)!;
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe('standardized inputs', () => {
  it("fits MNIST's training split as scikit-learn does", async () => {
    const { mnist } = golden;
    const { train } = splitTraining(await loadDataset({ dataset: 'mnist' }), mnist);
    const { offset: mean, scale: std } = fit(train);
    expectClose(
      Float64Array.from(mnist.pixels, (p) => mean[p]!),
      mnist.mean,
    );
    expectClose(
      Float64Array.from(mnist.pixels, (p) => std[p]!),
      mnist.std,
    );
    // Sums of 784 values, and of differences divided by a std down to 1e-4.
    expect(sum(mean)).to.be.closeTo(mnist.sumOfMeans, 784e-12);
    expect(sum(std)).to.be.closeTo(mnist.sumOfStds, 784e-12);
    mnist.examples.forEach((example, row) => {
      const scaled = mnist.pixels.map(
        (p) => (train.inputs.values[example * 784 + p]! / 255 - mean[p]!) / std[p]!,
      );
      expectClose(scaled, mnist.scaledAtPixels[row]!);
    });
  });

  it('has std 1 exactly at the pixels that scikit-learn finds constant', async () => {
    const { mnist } = golden;
    const { train } = splitTraining(await loadDataset({ dataset: 'mnist' }), mnist);
    const { scale: std } = fit(train);
    const constant = Array.from(std.keys()).filter((pixel) => std[pixel] === 1);
    expect(constant).to.deep.equal(mnist.constantPixels);
  });

  it('tells constant from nearly constant pixels as scikit-learn does', () => {
    const { images, mean, std } = golden.synthetic;
    const fitted = fit(labeledImages(images));
    expectClose(fitted.offset, mean);
    expectClose(fitted.scale, std);
    expect(Array.from(fitted.scale.subarray(0, 3))).to.deep.equal([1, 1, 1]);
    expect(fitted.scale[3]).to.be.lessThan(0.001);
  });

  it('fits a single image', () => {
    const { offset: mean, scale: std } = fit(labeledImages([[0, 51, 255]]));
    expect(Array.from(mean)).to.deep.equal([0, 0.2, 1]);
    expect(Array.from(std)).to.deep.equal([1, 1, 1]);
  });

  it('fits numbers other than bytes as they are, exactly constant ones with std 1', () => {
    const rows = [
      [1e9 + 1, 0.1, -3],
      [1e9 + 2, 0.1, 5],
      [1e9 + 6, 0.1, 4],
    ];
    const inputs = { shape: [3], values: shared(Float64Array, rows.flat()) };
    const targets = { shape: [], values: shared(Uint8Array, [0, 0, 0]) };
    const { offset: mean, scale: std } = fit({ count: 3, inputs, targets });
    // numpy 2: np.mean and np.std of the columns.
    expectClose(mean, [1e9 + 3, 0.1, 2], 1e-6);
    expectClose(std, [2.160246899469287, 1, 3.559026084010437]);
    expect(std[1]).to.equal(1);
  });
});
