import { fromMetric } from '../log/records.js';
import type { LogRecord } from '../log/records.js';

/** One quantity of one variant over the steps of one trial. */
export interface Curve {
  /** Ascending. */
  readonly steps: number[];
  /** NaN or infinite where it was not finite. */
  readonly values: number[];
}

/** `minibatch.loss`, `test.accuracy` … by variant. */
export type TrialCurves = ReadonlyMap<string, ReadonlyMap<string, Curve>>;

/**
 * Takes a trial's records one at a time and keeps only its curves: numbers, so that a long log
 * needs little memory. A resume takes back what comes after its checkpoint.
 */
export class CurveCollector {
  readonly #curves = new Map<string, Map<string, Curve>>();

  get curves(): TrialCurves {
    return this.#curves;
  }

  add(record: LogRecord): void {
    if (record.event === 'step') this.#addScores('minibatch', record);
    else if (record.event === 'evaluation') this.#addScores(record.split, record);
    else if (record.event === 'trial.resume') this.#forgetAfter(record.step);
  }

  #addScores(place: string, record: Extract<LogRecord, { event: 'step' | 'evaluation' }>): void {
    for (const [variant, { scores }] of Object.entries(record.variants)) {
      for (const [score, value] of Object.entries(scores)) {
        const { steps, values } = this.#curve(`${place}.${score}`, variant);
        // A resume evaluates its checkpoint's step once more.
        if (steps.at(-1) === record.step) continue;
        steps.push(record.step);
        values.push(fromMetric(value));
      }
    }
  }

  #curve(quantity: string, variant: string): Curve {
    let variants = this.#curves.get(quantity);
    if (!variants) this.#curves.set(quantity, (variants = new Map<string, Curve>()));
    let curve = variants.get(variant);
    if (!curve) variants.set(variant, (curve = { steps: [], values: [] }));
    return curve;
  }

  #forgetAfter(step: number): void {
    for (const variants of this.#curves.values()) {
      for (const { steps, values } of variants.values()) {
        while (steps.some((at) => at > step)) {
          steps.pop();
          values.pop();
        }
      }
    }
  }
}
