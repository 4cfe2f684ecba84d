/** The random streams of a trial whose luck is told apart, in the order of the square. */
export const crossedStreams = ['data', 'init', 'dropout'] as const;
export type CrossedStream = (typeof crossedStreams)[number];

/** A level, from 0, of each stream. */
export type Cell = Readonly<Record<CrossedStream, number>>;

/** With fewer, a Latin square leaves nothing to estimate the rest from. */
export const fewestLevels = 3;

/**
 * The cells of a cyclic Latin square, row after row: data by rows, initial weights by columns, and the dropped
 * units (row + column) mod `levels`. Each level of a stream meets each level of every other exactly once.
 * @param levels at least {@link fewestLevels}
 */
export function latinSquare(levels: number): Cell[] {
  return Array.from({ length: levels ** 2 }, (_, index) => {
    const [data, init] = [Math.floor(index / levels), index % levels];
    return { data, init, dropout: (data + init) % levels };
  });
}
