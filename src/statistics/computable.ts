/** Says why a statistic has no value here, instead of a NaN. */
export interface NotComputable {
  readonly computable: false;
  /** One clause that completes "not computable because …". */
  readonly because: string;
}

/** A statistic's values, or the reason there are none. Plain data: JSON keeps all of it. */
export type Computed<T> = (T & { readonly computable: true }) | NotComputable;

export function computed<T extends object>(value: T): T & { readonly computable: true } {
  return { ...value, computable: true };
}

export function notComputable(because: string): NotComputable {
  return { computable: false, because };
}

/** An interval at confidence `level` (0.95 for 95%), both ends included. */
export interface Interval {
  readonly level: number;
  readonly low: number;
  readonly high: number;
}
