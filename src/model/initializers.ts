import type { InitialValues } from '../protocol/network-plan.js';

/** Connections into and out of one unit, which a layer's kind counts. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Standard deviation of `truncatedNormal` before it is truncated, unless set: Keras's. */
export const truncatedStddev = 0.05;
/** Factor of `orthogonal` unless set. */
export const orthogonalGain = 1;

type Initializer = (fans: Fans) => InitialValues;

const he = ({ fanIn }: Fans) => 2 / fanIn;
const lecun = ({ fanIn }: Fans) => 1 / fanIn;
const glorot = ({ fanIn, fanOut }: Fans) => 2 / (fanIn + fanOut);

/**
 * He et al. 2015 (arXiv:1502.01852), LeCun et al. 1998 ("Efficient BackProp") as used by
 * self-normalizing networks (arXiv:1706.02515, section 2), Glorot and Bengio 2010; Saxe et al. 2014
 * (arXiv:1312.6120) for orthogonal weights.
 */
const initializers = {
  he: (fans) => ({ distribution: 'normal', variance: he(fans) }),
  heUniform: (fans) => ({ distribution: 'uniform', variance: he(fans) }),
  lecun: (fans) => ({ distribution: 'normal', variance: lecun(fans) }),
  lecunUniform: (fans) => ({ distribution: 'uniform', variance: lecun(fans) }),
  glorot: (fans) => ({ distribution: 'normal', variance: glorot(fans) }),
  glorotUniform: (fans) => ({ distribution: 'uniform', variance: glorot(fans) }),
  truncatedNormal: () => ({ distribution: 'truncatedNormal', stddev: truncatedStddev }),
  orthogonal: () => ({ distribution: 'orthogonal', gain: orthogonalGain }),
  zeros: () => 'zeros',
} as const satisfies Readonly<Record<string, Initializer>>;

export type InitializerName = keyof typeof initializers;

/** A name, or a map for an initializer with a setting. */
export type InitializerConfig =
  | InitializerName
  | { readonly kind: 'truncatedNormal'; readonly stddev?: number | undefined }
  | { readonly kind: 'orthogonal'; readonly gain?: number | undefined };

export const initializerNames = Object.keys(initializers) as [
  InitializerName,
  ...InitializerName[],
];

/** What each does, for the documentation. */
export const initializerDescription =
  "How kernels are drawn. `he`, `lecun`, `glorot`: normal, not truncated (unlike Keras's), of mean 0 and variance 2/fanIn, 1/fanIn and 2/(fanIn + fanOut); `heUniform`, `lecunUniform`, `glorotUniform`: uniform, of the same mean and variance. " +
  `\`truncatedNormal\`: normal, redrawn beyond two standard deviations, which are ${truncatedStddev} unless set as \`{kind: truncatedNormal, stddev: 0.02}\`. ` +
  '`orthogonal`: orthonormal rows or columns, times 1 or the gain of `{kind: orthogonal, gain: 1.4}`. `zeros`: all 0.';

/** Initial values of a kernel whose units have these connections. */
export function drawn(initializer: InitializerConfig, fans: Fans): InitialValues {
  if (typeof initializer === 'string') return initializers[initializer](fans);
  if (initializer.kind === 'orthogonal') {
    return { distribution: 'orthogonal', gain: initializer.gain ?? orthogonalGain };
  }
  return { distribution: 'truncatedNormal', stddev: initializer.stddev ?? truncatedStddev };
}
