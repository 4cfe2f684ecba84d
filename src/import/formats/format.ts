import type { Samples } from '../sample.js';
import type { Source } from '../source.js';

/** Which part of a source means what; each has a default that depends on the format. */
export interface Mapping {
  readonly variantColumn?: string | undefined;
  readonly seedColumn?: string | undefined;
  readonly stepColumn?: string | undefined;
  /** Columns whose values set sweep points apart. */
  readonly pointColumns: readonly string[];
  /** See `readRunName`. */
  readonly runName?: string | undefined;
  readonly delimiter: string;
}

/** A program's way to write results. Describes one in a file of this folder; `index.ts` lists them. */
export interface ImportFormat {
  /** As `--from` takes it. */
  readonly name: string;
  /** Whether a source looks as the program writes it. The formats are asked in the order of their list. */
  readonly matches: (source: Source, mapping: Mapping) => boolean;
  /**
   * @param metrics names of the wanted metrics, as the source has them
   * @throws LockstepError `data` naming file, line and column of what cannot be read, `usage` for a mapping that
   *   does not fit
   */
  readonly read: (source: Source, mapping: Mapping, metrics: readonly string[]) => Samples;
}
