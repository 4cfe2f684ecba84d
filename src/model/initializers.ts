import type { InitialValues } from '../protocol/network-plan.js';

/** Connections into and out of one unit, which a layer's kind counts. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

interface Initializer {
  readonly distribution: 'normal' | 'uniform';
  readonly variance: (fans: Fans) => number;
}

const he = ({ fanIn }: Fans) => 2 / fanIn;
const lecun = ({ fanIn }: Fans) => 1 / fanIn;
const glorot = ({ fanIn, fanOut }: Fans) => 2 / (fanIn + fanOut);

/**
 * He et al. 2015 (arXiv:1502.01852), LeCun et al. 1998 ("Efficient BackProp") as used by
 * self-normalizing networks (arXiv:1706.02515, section 2), Glorot and Bengio 2010.
 */
const initializers = {
  he: { distribution: 'normal', variance: he },
  heUniform: { distribution: 'uniform', variance: he },
  lecun: { distribution: 'normal', variance: lecun },
  lecunUniform: { distribution: 'uniform', variance: lecun },
  glorot: { distribution: 'normal', variance: glorot },
  glorotUniform: { distribution: 'uniform', variance: glorot },
} as const satisfies Readonly<Record<string, Initializer>>;

export type InitializerName = keyof typeof initializers;

export const initializerNames = Object.keys(initializers) as [
  InitializerName,
  ...InitializerName[],
];

/** Zero-mean draws with the initializer's variance for a unit with these connections. */
export function drawn(initializer: InitializerName, fans: Fans): InitialValues {
  const { distribution, variance } = initializers[initializer];
  return { distribution, variance: variance(fans) };
}
