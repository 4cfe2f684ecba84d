import { createRequire } from 'node:module';
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { expect } from 'chai';
import { completeGradients } from '../../../workers/engines/complete.js';
import { loadEngine } from '../../../workers/engines/load.js';
import { tf } from '../../../workers/tf.js';
import { testedEngine } from '../../support/engine.js';

type Shape = readonly number[];

/** An operation with the shapes of its inputs, whose values lie between two numbers. */
interface Case {
  readonly operation: (...inputs: Tensor[]) => Tensor;
  readonly shapes: readonly Shape[];
  readonly range: readonly [from: number, to: number];
}

const anywhere = [-1.5, 1.5] as const;
const positive = [0.3, 2] as const;
const within = [-0.8, 0.8] as const;
const vector: Shape = [5];
const matrix: Shape = [2, 3];
const image: Shape = [1, 4, 4, 2];
const volume: Shape = [1, 4, 4, 4, 2];

function of(
  operation: (...inputs: never[]) => Tensor,
  range: Case['range'] = anywhere,
  ...shapes: Shape[]
): Case {
  const { length } = shapes;
  return {
    operation: operation as Case['operation'],
    range,
    shapes: length === 0 ? [vector] : shapes,
  };
}

/** By the name of what TensorFlow.js has a gradient of. */
const cases: Readonly<Record<string, Case>> = {
  Abs: of(tf.abs),
  Acos: of(tf.acos, within),
  Acosh: of(tf.acosh, [1.3, 3]),
  Add: of(tf.add, anywhere, matrix, [3]),
  AddN: of((a: Tensor, b: Tensor) => tf.addN([a, b, a]), anywhere, matrix, matrix),
  Asin: of(tf.asin, within),
  Asinh: of(tf.asinh),
  Atan: of(tf.atan),
  Atan2: of(tf.atan2, positive, vector, vector),
  Atanh: of(tf.atanh, within),
  AvgPool: of((x: Tensor4D) => tf.avgPool(x, 2, 1, 'same'), anywhere, image),
  'AvgPool with steps, of uneven size': of(
    (x: Tensor4D) => tf.avgPool(x, [3, 2], [2, 3], 'same'),
    anywhere,
    image,
  ),
  AvgPool3D: of((x: tf.Tensor5D) => tf.avgPool3d(x, 2, 2, 'valid'), anywhere, volume),
  'AvgPool3D padded': of(
    (x: tf.Tensor5D) => tf.avgPool3d(x, 3, 2, 'same'),
    anywhere,
    [1, 3, 3, 3, 1],
  ),
  BatchMatMul: of(
    (a: Tensor, b: Tensor) => tf.matMul(a, b, true, true),
    anywhere,
    [2, 3, 2],
    [2, 4, 3],
  ),
  'BatchMatMul of matrices, the left one transposed': of(
    (a: Tensor, b: Tensor) => tf.matMul(a, b, true, false),
    anywhere,
    [3, 2],
    [3, 4],
  ),
  BatchToSpaceND: of(
    (x: Tensor4D) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    anywhere,
    [4, 1, 1, 2],
  ),
  BroadcastTo: of((x: Tensor) => tf.broadcastTo(x, [2, 3]), anywhere, [3]),
  Cast: of((x: Tensor) => tf.cast(x, 'float32')),
  ClipByValue: of((x: Tensor) => tf.clipByValue(x, -0.7, 0.7)),
  Concat: of((a: Tensor, b: Tensor) => tf.concat([a, b], 1), anywhere, matrix, matrix),
  Conv2D: of(
    (x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, 1, 'same'),
    anywhere,
    image,
    [3, 3, 2, 2],
  ),
  'Conv2D padded by a number': of(
    (x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, 1, 1, 'NHWC', 1, 'floor'),
    anywhere,
    image,
    [3, 3, 2, 2],
  ),
  Conv2DBackpropInput: of(
    (x: Tensor4D, w: Tensor4D) => tf.conv2dTranspose(x, w, [1, 8, 8, 2], 2, 'same'),
    anywhere,
    image,
    [3, 3, 2, 2],
  ),
  Conv3D: of(
    (x: tf.Tensor5D, w: tf.Tensor5D) => tf.conv3d(x, w, 1, 'same'),
    anywhere,
    [1, 3, 3, 3, 1],
    [2, 2, 2, 1, 2],
  ),
  'Conv2D, with steps': of(
    (x: Tensor4D, w: Tensor4D) => tf.conv2d(x, w, [2, 1], 'valid'),
    anywhere,
    image,
    [3, 2, 2, 3],
  ),
  Cos: of(tf.cos),
  Cosh: of(tf.cosh),
  Cumsum: of((x: Tensor) => tf.cumsum(x, 1, true, true), anywhere, matrix),
  DepthwiseConv2dNative: of(
    (x: Tensor4D, w: Tensor4D) => tf.depthwiseConv2d(x, w, 1, 'same'),
    anywhere,
    image,
    [3, 3, 2, 2],
  ),
  'separable convolution': of(
    (x: Tensor4D, w: Tensor4D, v: Tensor4D) => tf.separableConv2d(x, w, v, 1, 'same'),
    anywhere,
    image,
    [3, 3, 2, 1],
    [1, 1, 2, 3],
  ),
  Dilation2D: of(
    (x: Tensor4D, w: Tensor3D) => tf.dilation2d(x, w, 1, 'valid', [1, 1]),
    anywhere,
    image,
    [2, 2, 2],
  ),
  Elu: of(tf.elu),
  Erf: of(tf.erf),
  Exp: of(tf.exp),
  ExpandDims: of((x: Tensor) => tf.expandDims(x, 1)),
  Expm1: of(tf.expm1),
  FusedBatchNorm: of(
    (
      x: Tensor4D,
      mean: tf.Tensor1D,
      variance: tf.Tensor1D,
      offset: tf.Tensor1D,
      scale: tf.Tensor1D,
    ) => tf.batchNorm(x, mean, variance, offset, scale, 0.1),
    positive,
    image,
    [2],
    [2],
    [2],
    [2],
  ),
  GatherV2: of((x: Tensor) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1), anywhere, matrix),
  'GatherV2 along the first axis': of(
    (x: Tensor) => tf.gather(x, tf.tensor1d([1, 0, 1, 1], 'int32')),
    anywhere,
    matrix,
  ),
  Identity: of(tf.clone),
  LRN: of((x: Tensor4D) => tf.localResponseNormalization(x, 1, 1, 0.5, 0.75), anywhere, image),
  LeakyRelu: of((x: Tensor) => tf.leakyRelu(x, 0.1)),
  Log: of(tf.log, positive),
  Log1p: of(tf.log1p, positive),
  LogSoftmax: of((x: Tensor) => tf.logSoftmax(x), anywhere, matrix),
  Max: of((x: Tensor) => tf.max(x, 1), anywhere, matrix),
  MaxPool: of((x: Tensor4D) => tf.maxPool(x, 2, 2, 'same'), anywhere, image),
  'MaxPool padded by a number': of(
    (x: Tensor4D) => tf.maxPool(x, 2, 2, 1, 'floor'),
    anywhere,
    image,
  ),
  MaxPool3D: of((x: tf.Tensor5D) => tf.maxPool3d(x, 2, 2, 'valid'), anywhere, volume),
  Maximum: of(tf.maximum, anywhere, vector, vector),
  Mean: of((x: Tensor) => tf.mean(x, 0), anywhere, matrix),
  Min: of((x: Tensor) => tf.min(x, 0), anywhere, matrix),
  Minimum: of(tf.minimum, anywhere, vector, vector),
  MirrorPad: of(
    (x: Tensor2D) =>
      tf.mirrorPad(
        x,
        [
          [1, 0],
          [1, 1],
        ],
        'reflect',
      ),
    anywhere,
    matrix,
  ),
  'MirrorPad, symmetric': of(
    (x: Tensor2D) =>
      tf.mirrorPad(
        x,
        [
          [0, 2],
          [2, 0],
        ],
        'symmetric',
      ),
    anywhere,
    matrix,
  ),
  Mod: of((x: Tensor) => tf.mod(x, tf.tensor1d([0.7, 0.8, 0.9, 1, 1.1])), positive),
  Multiply: of(tf.mul, anywhere, matrix, [3]),
  Neg: of(tf.neg),
  Pack: of((a: Tensor, b: Tensor) => tf.stack([a, b], 1), anywhere, matrix, matrix),
  PadV2: of(
    (x: Tensor) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
    anywhere,
    matrix,
  ),
  Pow: of(tf.pow, positive, vector, vector),
  Prelu: of(tf.prelu, anywhere, matrix, [3]),
  Prod: of((x: Tensor) => tf.prod(x, 1), positive, matrix),
  RealDiv: of(tf.div, positive, matrix, [3]),
  Reciprocal: of(tf.reciprocal, positive),
  Relu: of(tf.relu),
  Relu6: of(tf.relu6),
  Reshape: of((x: Tensor) => tf.reshape(x, [3, 2]), anywhere, matrix),
  ResizeBilinear: of((x: Tensor4D) => tf.image.resizeBilinear(x, [6, 6]), anywhere, image),
  ResizeNearestNeighbor: of(
    (x: Tensor4D) => tf.image.resizeNearestNeighbor(x, [8, 8]),
    anywhere,
    image,
  ),
  Reverse: of((x: Tensor) => tf.reverse(x, 1), anywhere, matrix),
  Rsqrt: of(tf.rsqrt, positive),
  Select: of(
    (a: Tensor, b: Tensor) => tf.where(tf.tensor1d([true, false, true, true, false], 'bool'), a, b),
    anywhere,
    vector,
    vector,
  ),
  Selu: of(tf.selu),
  Sigmoid: of(tf.sigmoid),
  Sin: of(tf.sin),
  Sinh: of(tf.sinh),
  Slice: of((x: Tensor) => tf.slice(x, [0, 1], [2, 2]), anywhere, matrix),
  Softmax: of((x: Tensor) => tf.softmax(x), anywhere, matrix),
  Softplus: of(tf.softplus),
  SpaceToBatchND: of(
    (x: Tensor4D) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    anywhere,
    image,
  ),
  SplitV: of((x: Tensor) => tf.split(x, [1, 2], 1)[1]!, anywhere, matrix),
  Sqrt: of(tf.sqrt, positive),
  Square: of(tf.square),
  SquaredDifference: of(tf.squaredDifference, anywhere, vector, vector),
  Sub: of(tf.sub, anywhere, matrix, [3]),
  Sum: of((x: Tensor) => tf.sum(x, 1, true), anywhere, matrix),
  Tan: of(tf.tan, within),
  Tanh: of(tf.tanh),
  Tile: of((x: Tensor) => tf.tile(x, [2, 2]), anywhere, matrix),
  Transpose: of((x: Tensor) => tf.transpose(x, [0, 3, 1, 2]), anywhere, image),
  Unpack: of((x: Tensor) => tf.unstack(x, 1)[1]!, anywhere, matrix),
  UnsortedSegmentSum: of(
    (x: Tensor) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0], 'int32'), 3),
    anywhere,
    matrix,
  ),
  'moments, as batch normalization has them': of(
    (x: Tensor) => tf.moments(x, 0).variance,
    anywhere,
    matrix,
  ),
  'a norm': of((x: Tensor) => tf.norm(x), positive, matrix),
  'softmax cross-entropy': of(
    (x: Tensor) => tf.losses.softmaxCrossEntropy(tf.tensor2d([0, 1, 0, 1, 0, 0], [2, 3]), x),
    anywhere,
    matrix,
  ),
};

/** Unlike what its type says, there may be none. */
function hasGradient(name: string): boolean {
  return (tf.getGradient(name) as unknown) !== undefined;
}

/** Numbers from -1 to 1 that follow no pattern, no two within 1e-3 of each other. */
function scattered(size: number, start: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    return 2 * (((start + i + 1) * 0.6180339887498949) % 1) - 1;
  });
}

function valuesFor({ shapes, range: [from, to] }: Case): Float32Array[] {
  let start = 0;
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = scattered(size, start).map((x) => from + ((x + 1) / 2) * (to - from));
    start += size;
    return values;
  });
}

const step = 1e-2;

/** The native engine pads by name alone, and says so. */
const isRefused = (name: string) =>
  testedEngine === 'tensorflow' && name.endsWith('padded by a number');
const all = Object.entries(cases).filter(([name]) => !isRefused(name));

describe(`gradients of TensorFlow.js's operations on the ${testedEngine} engine`, () => {
  before(async () => {
    await completeGradients(await loadEngine(testedEngine));
    createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu');
  });

  it('go with results that are those of plain JavaScript', async () => {
    const results = () =>
      tf.tidy(() =>
        all.map(([, one]) => {
          const inputs = valuesFor(one).map((own, index) =>
            tf.tensor(own, [...one.shapes[index]!]),
          );
          return Array.from(one.operation(...inputs).dataSync());
        }),
      );
    const own = results();
    const backend = tf.getBackend();
    await tf.setBackend('cpu');
    const plain = results();
    await tf.setBackend(backend);
    for (const [index, [name]] of all.entries()) {
      own[index]!.forEach((value, at) => {
        expect(value, `${name}, value ${at}`).to.be.closeTo(plain[index]![at]!, 1e-4);
      });
    }
  });

  /** The weighted sum of an operation's results. */
  function lossOf({ operation, shapes }: Case, values: readonly Float32Array[]) {
    const inputs = values.map((own, index) => tf.tensor(own, [...shapes[index]!]));
    const loss = (...given: Tensor[]) => {
      const result = operation(...given);
      return tf.sum(tf.mul(result, tf.tensor(scattered(result.size, 7), result.shape)));
    };
    return { inputs, loss };
  }

  function numeric(one: Case, values: readonly Float32Array[], input: number, at: number): number {
    const [after, before] = [step, -step].map((change) => {
      const moved = values.map((own) => own.slice());
      moved[input]![at]! += change;
      const { inputs, loss } = lossOf(one, moved);
      return loss(...inputs).dataSync()[0]!;
    });
    return (after! - before!) / (2 * step);
  }

  for (const [name, one] of all) {
    it(`${name}: agrees with finite differences`, () => {
      tf.tidy(() => {
        const values = valuesFor(one);
        const { inputs, loss } = lossOf(one, values);
        const gradients = tf.grads(loss)(inputs);
        for (const [input, gradient] of gradients.entries()) {
          for (const [at, derivative] of gradient.dataSync().entries()) {
            const difference = numeric(one, values, input, at);
            const place = `input ${input}, value ${at}`;
            expect(derivative, place).to.be.closeTo(difference, 4e-3 * (1 + Math.abs(difference)));
          }
        }
      });
    });
  }

  it('have a case each, where the derivative is not 0 everywhere', () => {
    const names = Object.entries(tf).flatMap(([key, name]) =>
      /^[A-Z]/.test(key) && typeof name === 'string' && hasGradient(name) ? [name] : [],
    );
    const steps = ['ArgMax', 'ArgMin', 'Ceil', 'Floor', 'FloorDiv', 'GreaterEqual', 'IsFinite'];
    steps.push('IsInf', 'IsNan', 'OneHot', 'OnesLike', 'Round', 'Sign', 'Step', 'ZerosLike');
    // Complex numbers are on the native engine alone.
    const left = names.filter((name) => !(name in cases) && !steps.includes(name));
    expect(left.filter((name) => name !== 'ComplexAbs')).to.deep.equal([]);
  });

  it('come with methods of tensors', () => {
    const x = tf.tensor1d([1, 2]) as Tensor & { readonly add: (y: number) => Tensor };
    expect(Array.from(x.add(1).dataSync())).to.deep.equal([2, 3]);
  });
});
