import { availableParallelism, freemem } from 'node:os';

/** The most that the tutorial's two sessions need with either engine, with room to spare. */
const memoryATrial = 2 * 2 ** 30;

/**
 * How many trials this machine runs well at the same time: a core for every session, and 2 GiB of the
 * memory that is free now for every trial, and a GPU for every trial where they compute on GPUs; at
 * least one trial.
 * @param sessions of one trial: its variants
 */
export function automaticJobs(
  sessions: number,
  { cores = availableParallelism(), memory = freemem(), gpus = 0 } = {},
): number {
  const most = gpus > 0 ? gpus : Infinity;
  const fitting = Math.min(Math.floor(cores / sessions), Math.floor(memory / memoryATrial), most);
  return Math.max(1, fitting);
}
