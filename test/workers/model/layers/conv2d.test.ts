import type { Tensor4D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { kindOf, resolveLayers } from '../../../../src/model/layers.js';
import type { LayerConfig, SpecOf } from '../../../../src/model/layers.js';
import type { Engine } from '../../../../workers/engines/engine.js';
import { loadEngine } from '../../../../workers/engines/load.js';
import { tf } from '../../../../workers/tf.js';
import { conv2d } from '../../../../workers/model/layers/conv2d.js';
import { expectClose } from '../../../support/close.js';
import { drawTensor } from '../../../support/drawn-tensor.js';
import { testedEngine } from '../../../support/engine.js';
import { passOf } from '../../../support/pass.js';
import { expectLayer } from '../../../support/expect-layer.js';

type Config = Extract<LayerConfig, { readonly kind: 'conv2d' }>;

const defaults = {
  activation: 'linear',
  init: 'he',
  dropout: { kind: 'standard', rate: 0 },
} as const;

const images = 2;

/** In float64, from the definition: TensorFlow puts the larger half of the padding after the image. */
function convolve(
  [height, width, channels]: readonly [number, number, number],
  [rows, columns, filters]: readonly [number, number, number],
  { kernelSize, strides, dilation, groups, padding }: SpecOf<'conv2d'>,
) {
  const before = (length: number, outputs: number, axis: 0 | 1) => {
    const reach = (kernelSize[axis] - 1) * dilation[axis] + 1;
    const missing = Math.max(0, (outputs - 1) * strides[axis] + reach - length);
    return padding === 'same' ? Math.floor(missing / 2) : 0;
  };
  const [top, left] = [before(height, rows, 0), before(width, columns, 1)];
  const inputs = channels / groups;
  return (x: Float64Array, kernel: Float64Array, bias?: Float64Array): number[] => {
    const out: number[] = [];
    for (let image = 0; image < images; image++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          for (let filter = 0; filter < filters; filter++) {
            const first = Math.floor(filter / (filters / groups)) * inputs;
            let sum = bias?.[filter] ?? 0;
            for (let i = 0; i < kernelSize[0]; i++) {
              for (let j = 0; j < kernelSize[1]; j++) {
                const y = row * strides[0] - top + i * dilation[0];
                const z = column * strides[1] - left + j * dilation[1];
                if (y < 0 || y >= height || z < 0 || z >= width) continue;
                for (let c = 0; c < inputs; c++) {
                  const at = ((image * height + y) * width + z) * channels + first + c;
                  const tap = ((i * kernelSize[1] + j) * inputs + c) * filters + filter;
                  sum += x[at]! * kernel[tap]!;
                }
              }
            }
            out.push(sum);
          }
        }
      }
    }
    return out;
  };
}

const size = fc.integer({ min: 1, max: 3 });
const pair = fc.oneof(size, fc.tuple(size, size));
const cases = fc.record({
  height: fc.constant(7),
  width: fc.constantFrom(7, 8),
  kernelSize: pair,
  strides: pair,
  dilation: pair,
  padding: fc.constantFrom('same', 'valid'),
  bias: fc.boolean(),
  // Channels, groups and filters: of all kinds, depthwise among them.
  counts: fc.constantFrom([1, 1, 3], [2, 1, 4], [4, 2, 6], [3, 3, 3], [4, 4, 4], [2, 2, 4]),
});

describe(`conv2d on the ${testedEngine} engine`, () => {
  let engine: Engine;
  before(async function () {
    this.timeout(60_000);
    engine = await loadEngine(testedEngine);
  });

  it('trains a kernel that steps over the last rows and columns, again and again', () => {
    const [x, kernel] = [drawTensor([8, 8, 6, 4], 1), drawTensor([1, 1, 4, 6], 2)];
    const gradientOf = tf.grad((taps) => tf.conv2d(x as Tensor4D, taps as Tensor4D, 2, 'same'));
    const first = tf.tidy(() => gradientOf(kernel).dataSync());
    for (let time = 0; time < 200; time++) {
      expectClose(
        tf.tidy(() => gradientOf(kernel).dataSync()),
        first,
        0,
      );
    }
    tf.dispose([x, kernel]);
  });

  it('is the sum of its definition and has its gradients, whatever its settings', function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(cases, ({ height, width, counts, ...settings }) => {
        const [channels, groups, filters] = counts as [number, number, number];
        const config: Config = { kind: 'conv2d', filters, groups, ...settings };
        const [spec] = resolveLayers([config], defaults) as [SpecOf<'conv2d'>];
        const shape = [height, width, channels];
        const { output, parameters } = kindOf(spec).infer(spec, shape, shape);
        const inputs = [
          drawTensor([images, height, width, channels], 1),
          ...parameters.map(({ shape }, index) => drawTensor(shape, 2 + index)),
        ];
        expectLayer(
          (x, ...own) => {
            const byRole = Object.fromEntries(
              own.map((value, at) => [parameters[at]!.name, value]),
            );
            return conv2d(x, spec, byRole, passOf(engine, x));
          },
          convolve([height, width, channels], output as unknown as [number, number, number], spec),
          inputs,
        );
      }),
      { numRuns: 30 },
    );
  });
});
