import type { Answers } from '../../src/data/check-targets.js';
import { targetsOf } from '../../src/model/objectives.js';
import type { ObjectiveSpec } from '../../src/model/objectives.js';

/** What a network of so many outputs is trained to answer. */
export function answers(spec: ObjectiveSpec, outputs: number): Answers {
  return { outputs, objective: { spec, targets: targetsOf(spec) } };
}
