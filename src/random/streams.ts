import { createHash } from 'node:crypto';

/**
 * The random streams of a trial (order of the examples, initial weights, dropped units, augmentation), the
 * one a random search draws its points from, and those that choose the validation and the test split.
 */
export type Stream = 'data' | 'init' | 'dropout' | 'augmentation' | 'sweep' | 'validation' | 'test';

/**
 * The int32 seed of a trial's stream: the first four bytes, little-endian, of the SHA-256 of the UTF-8
 * text `lockstep/1:<seed>:<stream>`, with `:<owner>` appended where a variant, or a swept parameter,
 * has its own stream.
 */
export function streamSeed(seed: number, stream: Stream, owner?: string): number {
  const text = ['lockstep/1', seed, stream, ...(owner === undefined ? [] : [owner])];
  return createHash('sha256').update(text.join(':')).digest().readInt32LE(0);
}
