import { tf } from '../../../../workers/tf.js';
import { expect } from 'chai';
import type { DropoutMethod } from '../../../../src/model/layers/kind.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { statelessUniform } from '../../../../src/random/uniform.js';
import { testedEngine } from '../../../support/engine.js';
import { drawWeights } from '../../../../workers/model/draw-weights.js';
import { dropout, dropped } from '../../../../workers/model/layers/dropout.js';

const size = 400_000;

describe('dropout', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine(testedEngine);
  });

  function drop(values: Float32Array, kind: DropoutMethod, rate: number) {
    return tf.tidy(() => {
      const x = tf.tensor1d(values);
      const uniform = engine.statelessUniform(x.shape, tf.tensor1d([3, 64], 'int32'));
      const { value, grad } = tf.valueAndGrad((input: tf.Tensor) =>
        dropped(input, uniform, kind, rate),
      )(x);
      return {
        uniform: uniform.dataSync(),
        output: value.dataSync(),
        gradient: grad.dataSync(),
      };
    });
  }

  /** Mean and variance. */
  function moments(values: ArrayLike<number>): [number, number] {
    const list = Array.from(values);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return [mean, list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length];
  }

  it('has the draws of docs/replay.md, of any shape and seed, to the bit', () => {
    const seeds = [
      [0, 0],
      [-182931746, 64],
      [2147483647, -2147483648],
    ] as const;
    for (const seed of seeds) {
      // Eight blocks of four are drawn at once where that is fast.
      for (const shape of [[1], [31], [4, 8], [3, 11], [2, 1, 1, 300]]) {
        const drawn = tf.tidy(() =>
          engine.statelessUniform(shape, tf.tensor1d([...seed], 'int32')).dataSync(),
        );
        const expected = new Float32Array(drawn.length);
        statelessUniform(expected, seed);
        expect(drawn, `${seed.join()} of ${shape.join('x')}`).to.deep.equal(expected);
      }
    }
  });

  it('keeps a unit exactly where its draw is below the keep probability', () => {
    const { uniform, output } = drop(new Float32Array(1000).fill(1), 'standard', 0.3);
    output.forEach((value, index) => {
      expect(value !== 0).to.equal(uniform[index]! < 0.7);
    });
  });

  it('divides kept units by the keep probability and passes gradients the same way', () => {
    const { output, gradient } = drop(new Float32Array(1000).fill(2), 'standard', 0.5);
    expect(new Set(output)).to.deep.equal(new Set([0, 4]));
    output.forEach((value, index) => {
      expect(gradient[index]).to.equal(value === 0 ? 0 : 2);
    });
  });

  it('drops whole channels of an example and keeps the others whole, by the method spatial', () => {
    const [examples, pixels, channels] = [50, 6, 8];
    tf.tidy(() => {
      const x = tf.ones([examples, 2, 3, channels]);
      const shapes: (readonly number[])[] = [];
      const training = {
        uniform(shape: readonly number[]) {
          shapes.push(shape);
          return engine.statelessUniform(shape, tf.tensor1d([3, 64], 'int32'));
        },
        update: () => undefined,
      };
      const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => {
        const pass = { engine, inputs: input, training, inner: (y: tf.Tensor) => y };
        return dropout(input, { kind: 'dropout', method: 'spatial', rate: 0.25 }, {}, pass);
      })(x);
      expect(shapes).to.deep.equal([[examples, 1, 1, channels]]);
      const draws = training.uniform(shapes[0]!).dataSync();
      const [output, gradient] = [value.dataSync(), grad.dataSync()];
      output.forEach((kept, index) => {
        const [example, channel] = [Math.floor(index / (pixels * channels)), index % channels];
        const expected = draws[example * channels + channel]! < 0.75 ? 1 / 0.75 : 0;
        expect(kept).to.be.closeTo(expected, 1e-6);
        expect(gradient[index]).to.be.closeTo(expected, 1e-6);
      });
    });
  });

  for (const rate of [0.05, 0.1, 0.5]) {
    it(`leaves mean 0 and variance 1 as they are: alpha dropout of ${rate}`, () => {
      const normal = drawWeights(
        [size],
        { distribution: 'normal', variance: 1 },
        { seed: 1, layer: 0, inner: 0, tensor: 0 },
      );
      const [mean, variance] = moments(drop(normal, 'alpha', rate).output);
      expect(mean).to.be.closeTo(0, 6 / Math.sqrt(size));
      expect(variance).to.be.closeTo(1, 6 * Math.sqrt(3 / size));
    });
  }

  it("drops to alpha' before the affine correction, as in the tutorial's dropout_selu", () => {
    const q = 0.95;
    const alphaPrime = -1.7580993408473766;
    const a = (q * ((1 - q) * alphaPrime ** 2 + 1)) ** -0.5;
    const b = -a * (1 - q) * alphaPrime;
    const { uniform, output, gradient } = drop(new Float32Array(1000).fill(0.5), 'alpha', 0.05);
    output.forEach((value, index) => {
      const kept = uniform[index]! < q;
      expect(value).to.be.closeTo(a * (kept ? 0.5 : alphaPrime) + b, 1e-6);
      expect(gradient[index]).to.be.closeTo(kept ? a : 0, 1e-6);
    });
  });
});
