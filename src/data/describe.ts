import { splitNames } from '../protocol/index.js';
import type { Examples, Shape, SplitName, Splits } from '../protocol/index.js';
import type { Dataset } from './dataset.js';
import { splitTraining } from './splits.js';

/** What a run draws from, for people and programs. */
export interface DataDescription {
  /** `mnist`, or the folder's name. */
  readonly name: string;
  /** Of one example. */
  readonly inputShape: Shape;
  /** How many different labels the whole dataset has. */
  readonly classes: number;
  readonly splits: Readonly<Record<SplitName, SplitDescription>>;
  /** Minibatches in an epoch; a remainder smaller than one is dropped. */
  readonly stepsPerEpoch: number;
  /** How many times a trial goes through the training split, for instance 0.12. */
  readonly epochs: number;
}

export interface SplitDescription {
  readonly examples: number;
  /** Different labels among them. */
  readonly classes: number;
}

/**
 * @param steps of a trial
 * @throws LockstepError `usage` when the validation split leaves no training example
 */
export function describeData(
  dataset: Dataset,
  { validationSize, batchSize }: { readonly validationSize: number; readonly batchSize: number },
  steps: number,
): DataDescription {
  const splits = splitTraining(dataset, validationSize);
  const stepsPerEpoch = Math.floor(splits.train.count / batchSize);
  return {
    name: dataset.name,
    inputShape: dataset.train.inputs.shape,
    classes: classesIn(dataset.train, dataset.test).size,
    splits: Object.fromEntries(
      splitNames.map((name) => [
        name,
        { examples: splits[name].count, classes: classesIn(splits[name]).size },
      ]),
    ) as DataDescription['splits'],
    stepsPerEpoch,
    epochs: steps / stepsPerEpoch,
  };
}

/**
 * What is probably wrong with the splits, a sentence each: data that are sorted by class leave classes
 * out of the first examples, which validate, or of the others.
 */
export function splitWarnings(splits: Splits): string[] {
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
      `the ${name} split, ${count} examples, has none of the ${missing.length === 1 ? 'class' : 'classes'} ${listed.join(', ')}${more}: are the data sorted by class? Shuffle them before they are saved.`,
    ];
  });
}

function classesIn(...examples: readonly Examples[]): Set<number> {
  const classes = new Set<number>();
  for (const { targets } of examples) for (const label of targets.values) classes.add(label);
  return classes;
}
