import { LockstepError } from '../protocol/index.js';
import { capOf } from './schema/sequential.js';
import type { Config } from './schema.js';

/**
 * The configuration of a run that is decided in sequence: its cap is spelled out, and it has as many seeds. They are the first ones
 * of the configuration, followed by the next whole numbers after its largest.
 * @throws LockstepError `usage` for a sweep, and where nothing says when to look
 */
export function planSequence(config: Config): Config {
  const { decision, seeds, sweep } = config;
  const { sequential, pairs: _, ...fixed } = decision;
  if (sweep !== undefined) {
    throw new LockstepError('usage', 'sweep: expected none, got one: `decide` is about one point', {
      hint: 'Let its points race (sweep.method: race), or choose one with --set.',
    });
  }
  if (sequential === undefined) {
    throw new LockstepError('bug', 'decision.sequential: expected a plan of looks, got none');
  }
  const cap = capOf(sequential);
  const last = Math.max(...seeds);
  const further = Array.from({ length: Math.max(0, cap - seeds.length) }, (_, i) => last + 1 + i);
  return {
    ...config,
    decision: { ...fixed, sequential: { ...sequential, cap } },
    seeds: [...seeds.slice(0, cap), ...further],
  };
}

/** The configuration without its plan of looks: what every other command trains of it. */
export function withoutSequence(config: Config): Config {
  const { sequential: _, ...decision } = config.decision;
  return { ...config, decision };
}
