import { createHash } from 'node:crypto';

/** The random streams of a trial: order of the examples, initial weights, dropped units. */
export type Stream = 'data' | 'init' | 'dropout';

/**
 * The int32 seed of a trial's stream: the first four bytes, little-endian, of the SHA-256 of the UTF-8
 * text `lockstep/1:<trial seed>:<stream>`, with `:<variant>` behind it where the variant has a stream
 * of its own.
 */
export function streamSeed(trialSeed: number, stream: Stream, variant?: string): number {
  const text = ['lockstep/1', trialSeed, stream, ...(variant === undefined ? [] : [variant])];
  return createHash('sha256').update(text.join(':')).digest().readInt32LE(0);
}
