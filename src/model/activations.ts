/** Slope of leakyRelu below 0, TensorFlow's default (PyTorch's is 0.01, Keras 3's 0.3). */
export const leakyReluSlope = 0.2;

interface Definition {
  readonly formula: string;
  /** Never decreasing, so that it may follow max pooling instead of preceding it. */
  readonly monotone: boolean;
}

const definitions = {
  linear: { formula: 'x', monotone: true },
  relu: { formula: 'max(0, x)', monotone: true },
  selu: { formula: '1.0507 x above 0, 1.7581 (exp(x) - 1) below', monotone: true },
  elu: { formula: 'x above 0, exp(x) - 1 below', monotone: true },
  leakyRelu: {
    formula: `x above 0, ${leakyReluSlope} x below; \`{kind: leakyRelu, slope: 0.01}\` has another slope`,
    monotone: true,
  },
  tanh: { formula: 'tanh(x)', monotone: true },
  sigmoid: { formula: '1 / (1 + exp(-x))', monotone: true },
  softplus: { formula: 'ln(1 + exp(x))', monotone: true },
  gelu: {
    formula:
      'x Φ(x), Φ being the standard normal distribution function, not its tanh approximation',
    monotone: false,
  },
  silu: { formula: 'x / (1 + exp(-x))', monotone: false },
} satisfies Readonly<Record<string, Definition>>;

export type ActivationName = keyof typeof definitions;

/** The activations that a variant or a layer can name. */
export const activations: Readonly<Record<ActivationName, Definition>> = definitions;

export const activationNames = Object.keys(definitions) as [ActivationName, ...ActivationName[]];

/** As it is configured: a name, or the settings of the one kind that has some. */
export type ActivationConfig =
  ActivationName | { readonly kind: 'leakyRelu'; readonly slope?: number | undefined };

/** With all its settings. */
export type Activation =
  | { readonly kind: Exclude<ActivationName, 'leakyRelu'> }
  | {
      readonly kind: 'leakyRelu';
      /** Below 0, at least 0. */
      readonly slope: number;
    };

export function activationOf(config: ActivationConfig): Activation {
  const kind = typeof config === 'string' ? config : config.kind;
  if (kind !== 'leakyRelu') return { kind };
  const slope = typeof config === 'string' ? undefined : config.slope;
  return { kind, slope: slope ?? leakyReluSlope };
}
