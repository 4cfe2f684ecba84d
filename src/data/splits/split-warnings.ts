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
  const all = countClasses(splits.train, splits.validation, splits.test);
  return (['train', 'validation'] as const).flatMap((name) => {
    const { count } = splits[name];
    const present = countClasses(splits[name]);
    const missing = [...all.keys()].filter((label) => !present.has(label));
    if (missing.length === 0 || count === 0) return [];
    // A small split lacks some by chance: each of ten classes is missing from 100 examples in 3 of 10,000 cases.
    if (count < 10 * all.size && mayBeChance(all, missing, count)) return [];
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

/** How many examples each class has. */
function countClasses(...examples: readonly Examples[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { targets } of examples) {
    for (const label of targets.values) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

const rare = 0.01;

/**
 * Whether a random choice of so many examples lacks as many classes in more than 1 of 100 cases. Boole's
 * inequality bounds the probability: that of lacking just these, times the number of such sets of classes.
 */
function mayBeChance(
  all: ReadonlyMap<number, number>,
  missing: readonly number[],
  count: number,
): boolean {
  const total = [...all.values()].reduce((sum, own) => sum + own, 0);
  const lacking = missing.reduce((sum, label) => sum + all.get(label)!, 0);
  let logarithm = count * Math.log1p(-lacking / total);
  for (let chosen = 1; chosen <= missing.length; chosen++) {
    logarithm += Math.log((all.size - missing.length + chosen) / chosen);
  }
  return logarithm > Math.log(rare);
}
