/** What the records themselves do not say about the run they belong to. */
export interface RunHeader {
  /** The configuration's name. */
  readonly name: string;
  /** The run's folder, as the user would type it. */
  readonly dir: string;
  /** The planned seeds, in order. */
  readonly seeds: readonly number[];
  /** Planned trials: the seeds times the sweep's points. */
  readonly trials: number;
}
