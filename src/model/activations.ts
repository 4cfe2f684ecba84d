/** Slope of leakyRelu below 0, TensorFlow's default (PyTorch's is 0.01, Keras 3's 0.3). */
export const leakyReluSlope = 0.2;

interface Activation {
  readonly formula: string;
  /** Never decreasing, so that it may follow max pooling instead of preceding it. */
  readonly monotone: boolean;
}

const definitions = {
  linear: { formula: 'x', monotone: true },
  relu: { formula: 'max(0, x)', monotone: true },
  selu: { formula: '1.0507 x above 0, 1.7581 (exp(x) - 1) below', monotone: true },
  elu: { formula: 'x above 0, exp(x) - 1 below', monotone: true },
  leakyRelu: { formula: `x above 0, ${leakyReluSlope} x below`, monotone: true },
  tanh: { formula: 'tanh(x)', monotone: true },
  sigmoid: { formula: '1 / (1 + exp(-x))', monotone: true },
} satisfies Readonly<Record<string, Activation>>;

export type ActivationName = keyof typeof definitions;

/** The activations that a variant or a layer can name. Each derivative can be computed from the output alone. */
export const activations: Readonly<Record<ActivationName, Activation>> = definitions;

export const activationNames = Object.keys(definitions) as [ActivationName, ...ActivationName[]];
