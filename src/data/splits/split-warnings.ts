import type { Examples, Splits } from '../../protocol/index.js';
import { isFloat } from '../values.js';
import { splitKindOf } from './split-training.js';
import type { ValidationSource } from './split-training.js';

/**
 * What is probably wrong with the splits, a sentence each: data that are sorted by class leave classes
 * out of the first examples, which validate, or of the others.
 */
export function splitWarnings(splits: Splits, source: ValidationSource): string[] {
  if (!areClasses(splits.train)) return [];
  const { advice } = splitKindOf(source);
  const all = classesIn(splits.train, splits.validation, splits.test);
  return (['train', 'validation'] as const).flatMap((name) => {
    const { count } = splits[name];
    const present = classesIn(splits[name]);
    const missing = [...all].filter((label) => !present.has(label));
    // A small split lacks some by chance: each of ten classes is missing from 100 examples in 3 of 10,000 cases.
    if (missing.length === 0 || count < 10 * all.size) return [];
    const listed = missing.sort((a, b) => a - b).slice(0, 10);
    const more = missing.length > listed.length ? ', …' : '';
    return [
      `the ${name} split, ${count} examples, has none of the ${missing.length === 1 ? 'class' : 'classes'} ${listed.join(', ')}${more}${advice === undefined ? '' : `: ${advice}`}`,
    ];
  });
}

/** Fractions and several numbers an example are no classes. */
function areClasses({ targets: { shape, values } }: Examples): boolean {
  return shape.length === 0 && !isFloat(values);
}

function classesIn(...examples: readonly Examples[]): Set<number> {
  const classes = new Set<number>();
  for (const { targets } of examples) for (const label of targets.values) classes.add(label);
  return classes;
}
