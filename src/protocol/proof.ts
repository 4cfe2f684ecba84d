/** The last line that the proof's program prints. */
export interface ProofResult {
  /** Version of libtensorflow, as the library itself says. */
  readonly version: string;
  readonly gpu: boolean;
  /** Training steps each of the two threads took. */
  readonly steps: number;
  readonly milliseconds: number;
}
