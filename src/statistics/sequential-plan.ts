/** What is fixed of a sequential test before the first pair. */
export interface SequentialPlan {
  /** The most pairs. */
  readonly cap: number;
  /** Pairs from one look to the next, at least 1. */
  readonly every: number;
  /** Chance of a wrong claim that this comparison may spend, in (0, 0.5). */
  readonly alpha: number;
  /** The largest difference that does not matter, in the metric's unit; 0: none was set. */
  readonly margin: number;
}

/** What may be spent up to a look at n pairs: alpha in proportion to the pairs (Lan & DeMets, Biometrika 70, 1983). */
export function spentAt(n: number, { cap, alpha }: Pick<SequentialPlan, 'cap' | 'alpha'>): number {
  return (alpha * n) / cap;
}

/**
 * The first look: the fewest pairs whose sign patterns can show a difference with what may be spent by then.
 * @returns undefined where the cap itself is too few
 */
export function firstLook(cap: number, alpha: number): number | undefined {
  for (let n = 1; n <= cap; n++) if (spentAt(n, { cap, alpha }) >= 2 ** (1 - n)) return n;
  return undefined;
}

/** The numbers of pairs at which a plan looks: the first look, then every so many, and the cap. Empty: the cap is too small. */
export function plannedLooks({ cap, every, alpha }: SequentialPlan): number[] {
  const looks: number[] = [];
  for (let n = firstLook(cap, alpha) ?? Infinity; n < cap; n += every) looks.push(n);
  return firstLook(cap, alpha) === undefined ? [] : [...looks, cap];
}
