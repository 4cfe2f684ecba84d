import type { SplitName, Splits } from '../../protocol/index.js';
import { LockstepError } from '../../protocol/index.js';
import { streamSeed } from '../../random/streams.js';
import { selectExamples } from '../column.js';
import type { Dataset } from '../dataset.js';
import { splitKindNamed, splitKinds } from './kinds.js';

/** Which training examples validate; the `data` section of a configuration is one. */
export interface ValidationSource {
  /** Number of examples, unless `validation` gives it. */
  readonly validationSize?: number | undefined;
  readonly validation?:
    | {
        readonly examples?: number | undefined;
        /** Of the training examples, in [0, 1). */
        readonly fraction?: number | undefined;
        /** Names the way they are chosen. */
        readonly split: string;
        readonly seed: number;
      }
    | undefined;
}

type Source = Pick<Dataset, 'name' | 'train' | 'test' | 'complete'>;

/**
 * Takes the validation split off the training examples. Both keep the order of the files, so by default
 * it is TensorFlow's `read_data_sets`: the first examples validate, the others train.
 *
 * @throws LockstepError `usage` when no training example would be left, or they cannot be chosen so
 */
export function splitTraining(dataset: Source, source: ValidationSource): Splits {
  const { train, test } = dataset;
  const validation = validationPositions(dataset, source);
  const splits = {
    validation: selectExamples(train, validation),
    train: selectExamples(train, complement(validation, train.count)),
    test,
  };
  return dataset.complete?.(splits) ?? splits;
}

/** How many examples {@link splitTraining} gives each split. */
export function splitSizes(
  dataset: Source,
  source: ValidationSource,
): Readonly<Record<SplitName, number>> {
  const validation = validationPositions(dataset, source).length;
  return { train: dataset.train.count - validation, validation, test: dataset.test.count };
}

/** Says what chose the validation split. */
export function splitKindOf({ validation }: ValidationSource) {
  return validation === undefined ? splitKinds[0]! : splitKindNamed(validation.split);
}

function validationPositions({ name, train }: Source, source: ValidationSource): Int32Array {
  const size = validationSize(name, train.count, source);
  const seed = streamSeed(source.validation?.seed ?? 0, 'validation');
  try {
    return splitKindOf(source).choose(train, size, seed);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    const { code, message, hint } = error;
    const path = ['data', 'validation', 'split'];
    throw new LockstepError(code, `${path.join('.')}: ${message}`, { hint, path, cause: error });
  }
}

/**
 * How many of so many training examples validate.
 * @param name of the dataset, for errors
 * @throws LockstepError `usage` when no training example would be left
 */
export function validationSize(
  name: string,
  count: number,
  { validationSize, validation }: ValidationSource,
): number {
  if (validation?.fraction !== undefined) {
    const size = Math.round(validation.fraction * count);
    if (size < count) return size;
    throw wrong(
      ['data', 'validation', 'fraction'],
      `a fraction that leaves training examples of the ${count} that ${name} has, got ${validation.fraction}`,
    );
  }
  const size = validation?.examples ?? validationSize ?? 0;
  if (Number.isInteger(size) && size >= 0 && size < count) return size;
  throw wrong(
    validation?.examples === undefined
      ? ['data', 'validationSize']
      : ['data', 'validation', 'examples'],
    `a whole number from 0 to ${count - 1}, as ${name} has ${count} training examples, got ${size}`,
  );
}

function wrong(path: readonly string[], expected: string): LockstepError {
  return new LockstepError('usage', `${path.join('.')}: expected ${expected}`, { path });
}

/** The positions below `count` that are not in an ascending list. */
export function complement(positions: Int32Array, count: number): Int32Array {
  const others = new Int32Array(count - positions.length);
  let next = 0;
  let kept = 0;
  for (let position = 0; position < count; position++) {
    if (positions[next] === position) next++;
    else others[kept++] = position;
  }
  return others;
}
