import { exitCodes } from '../protocol/index.js';
import type { TrialStanding } from '../live/follow/followed-trial.js';
import type { ExitCode } from './context.js';

/**
 * What `lockstep run` ends with, as far as the logs tell: a trial that has begun and neither ends nor is
 * worked on has lost its process.
 */
export function exitCodeOf(standings: readonly TrialStanding[]): ExitCode {
  let [isInterrupted, hasDiverged] = [false, false];
  for (const standing of standings) {
    if (standing === 'unfinished') return exitCodes.worker;
    if (standing === 'planned') isInterrupted = true;
    else if (standing.outcome === 'failed') return exitCodes[standing.code ?? 'worker'];
    else {
      isInterrupted ||= standing.outcome === 'interrupted';
      hasDiverged ||= standing.outcome === 'diverged';
    }
  }
  if (isInterrupted) return exitCodes.interrupted;
  return hasDiverged ? exitCodes.diverged : 0;
}
