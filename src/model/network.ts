import { LockstepError } from '../protocol/index.js';
import type { Conv2dSpec, ImageShape, LayerSpec, MaxPoolSpec } from '../protocol/index.js';

/** What one layer turns an example into, and what it learns. */
export interface LayerShape {
  readonly layer: LayerSpec;
  /** Without the batch axis: `[height, width, channels]` or `[units]`. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Shapes of the trainable tensors: `[height, width, in, out]` or `[in, out]`; none for other kinds. */
  readonly kernelShape?: readonly number[] | undefined;
  /** Connections into one unit: kernel height * width * in channels, or in units. */
  readonly fanIn?: number | undefined;
  /** Connections out of one unit: kernel height * width * out channels, or out units. */
  readonly fanOut?: number | undefined;
}

/**
 * The shapes of all layers for images of one size.
 * @throws LockstepError `usage` naming the first layer, by index and kind, that does not fit
 */
export function inferShapes(layers: readonly LayerSpec[], imageShape: ImageShape): LayerShape[] {
  let inputShape: readonly number[] = imageShape;
  const shapes = layers.map((layer, index) => {
    const shape = inferLayer(layer, index, inputShape);
    inputShape = shape.outputShape;
    return shape;
  });
  const last = layers.at(-1);
  if (last?.kind !== 'dense') {
    throw new LockstepError(
      'usage',
      `network.layers: expected the last layer to be dense (it gives the logits), got ${last?.kind ?? 'no layers'}`,
      { hint: 'End the network with {kind: dense, units: <number of classes>}.' },
    );
  }
  return shapes;
}

function inferLayer(layer: LayerSpec, index: number, inputShape: readonly number[]): LayerShape {
  switch (layer.kind) {
    case 'conv2d': {
      const [height, width, channels] = requireImage(layer, index, inputShape);
      const size = layer.kernelSize;
      const outputShape = [
        outputSize(layer, index, height, size),
        outputSize(layer, index, width, size),
        layer.filters,
      ];
      return {
        layer,
        inputShape,
        outputShape,
        kernelShape: [size, size, channels, layer.filters],
        fanIn: size * size * channels,
        fanOut: size * size * layer.filters,
      };
    }
    case 'maxPool': {
      const [height, width, channels] = requireImage(layer, index, inputShape);
      const outputShape = [
        outputSize(layer, index, height, layer.poolSize),
        outputSize(layer, index, width, layer.poolSize),
        channels,
      ];
      return { layer, inputShape, outputShape };
    }
    case 'flatten':
      return { layer, inputShape, outputShape: [product(inputShape)] };
    case 'dense': {
      if (inputShape.length !== 1) {
        throw misfit(
          layer,
          index,
          `a flat input [units]`,
          inputShape,
          'Put {kind: flatten} before it.',
        );
      }
      const units = inputShape[0]!;
      return {
        layer,
        inputShape,
        outputShape: [layer.units],
        kernelShape: [units, layer.units],
        fanIn: units,
        fanOut: layer.units,
      };
    }
    case 'dropout':
      return { layer, inputShape, outputShape: inputShape };
  }
}

function requireImage(
  layer: LayerSpec,
  index: number,
  shape: readonly number[],
): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = shape;
  if (height === undefined || width === undefined || channels === undefined) {
    throw misfit(
      layer,
      index,
      'an image [height, width, channels]',
      shape,
      'Move it before the flatten layer.',
    );
  }
  return [height, width, channels];
}

/** TensorFlow's SAME and VALID. */
function outputSize(
  layer: Conv2dSpec | MaxPoolSpec,
  index: number,
  size: number,
  window: number,
): number {
  if (layer.padding === 'same') return Math.ceil(size / layer.strides);
  if (window > size) {
    throw misfit(
      layer,
      index,
      `an input of at least ${window}x${window} for its ${window}x${window} window without padding`,
      [size],
      'Make the window smaller or set padding: same.',
    );
  }
  return Math.floor((size - window) / layer.strides) + 1;
}

function misfit(
  layer: LayerSpec,
  index: number,
  expected: string,
  got: readonly number[],
  hint: string,
): LockstepError {
  return new LockstepError(
    'usage',
    `network.layers.${index} (${layer.kind}): expected ${expected}, got [${got.join(', ')}]`,
    { hint },
  );
}

function product(shape: readonly number[]): number {
  return shape.reduce((result, size) => result * size, 1);
}
