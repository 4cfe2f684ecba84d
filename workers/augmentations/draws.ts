import { philoxBlock } from '../../src/random/philox.js';
import { normalDraws } from './normal-draws.js';

/** The random numbers of one augmentation of one example in one step, in blocks that are counted from 0. */
export interface Draws {
  /** Four words; the array is reused for the next block. */
  block(index: number): Uint32Array;
  /** Fills an array with standard normal numbers, by Box and Muller: four from each block from 0 on. */
  normals(out: Float64Array): void;
}

/**
 * Draws that are a function of (seed, step, position in the minibatch, place of the augmentation) alone, so
 * a resumed trial draws the same ones.
 */
export class CountedDraws implements Draws {
  readonly #seed: number;
  readonly #words = new Uint32Array(4);
  #step = 0;
  #position = 0;
  #augmentation = 0;

  /** @param seed int32 */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Moves to other numbers.
   * @param step counted from 1
   * @param position in the minibatch, from 0
   * @param augmentation place in the list, from 0
   */
  moveTo(step: number, position: number, augmentation: number): this {
    this.#step = step;
    this.#position = position;
    this.#augmentation = augmentation;
    return this;
  }

  block(index: number): Uint32Array {
    philoxBlock(this.#words, index, this.#position, this.#step, this.#augmentation, this.#seed, 0);
    return this.#words;
  }

  normals(out: Float64Array): void {
    const counter = [this.#position, this.#step, this.#augmentation] as const;
    normalDraws()(out, { counter, key: this.#seed });
  }
}

/** A word as a number in [0, 1). */
export function unit(word: number): number {
  return word / 0x100000000;
}

/** A word as one of the whole numbers from 0 to `bound` - 1. */
export function below(bound: number, word: number): number {
  return Math.floor(unit(word) * bound);
}
