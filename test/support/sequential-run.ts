import type { Manifest } from '../../src/run/manifest.js';
import type { Run } from '../../src/run/read-run.js';
import { readTrainedRun } from '../../src/run/read-run.js';
import type { Extension, Trial } from '../../src/run/manifest.js';
import type { TrialOptions } from './log-records.js';
import { noise, writeSyntheticRun } from './synthetic-run.js';
import { withTemporaryFolder } from './temporary-folder.js';

export interface SequentialRunOptions {
  readonly cap?: number;
  readonly openEnded?: boolean;
  readonly overrides?: readonly string[];
  /** challenger - baseline of a seed's test accuracy; undefined: its trial has not begun. */
  readonly difference: (seed: number) => number | undefined;
  /** What else a trial logs, for instance how it ended. */
  readonly more?: (seed: number) => Partial<TrialOptions>;
  readonly extension?: Extension;
}

/** A run of `lockstep decide` of the two variants of `debug`, with made-up numbers. @returns its folder */
export function writeSequentialRun(
  out: string,
  { cap = 10, openEnded, overrides = [], difference, more, extension }: SequentialRunOptions,
): Promise<string> {
  return writeSyntheticRun(out, {
    seeds: Array.from({ length: cap }, (_, i) => i + 1),
    steps: 2,
    overrides: [
      `decision.sequential={cap: ${cap}, openEnded: ${openEnded === true}}`,
      ...overrides,
    ],
    ...(extension && { extension }),
    trial({ index, seed }: Trial, variants): TrialOptions | undefined {
      const d = difference(seed);
      if (d === undefined) return undefined;
      return {
        trial: index,
        seed,
        steps: 2,
        test: variants.map((_, i) => 0.8 + 0.01 * noise(seed) + d * i),
        ...more?.(seed),
      };
    },
  });
}

export function sequentialRun(options: SequentialRunOptions): Promise<Run<Manifest>> {
  return withTemporaryFolder(async (folder) =>
    readTrainedRun(await writeSequentialRun(folder, options)),
  );
}
