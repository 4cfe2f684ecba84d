import { LockstepError } from '../protocol/index.js';
import type { Column, Examples, NetworkPlan, TargetKind } from '../protocol/index.js';
import { widthOf } from './column.js';
import { filesOf } from './dataset.js';
import type { Dataset } from './dataset.js';
import { isFloat, typeOf } from './values.js';

/** What a network is trained to answer. */
export type Answers = Pick<NetworkPlan, 'objective' | 'outputs'>;

/** A split's targets, and what errors call the files they come from. */
interface Source {
  readonly targets: Column;
  readonly count: number;
  readonly files: string;
}

interface Check {
  readonly dataset: Dataset;
  readonly answers: Answers;
  /** Path of the layer whose units are the outputs. */
  readonly lastLayer: readonly PropertyKey[];
}

/**
 * Checks that every target is one that the network can answer and its objective compares.
 *
 * @param lastLayer path of the layer whose units are the outputs, in the configuration
 * @throws LockstepError `usage` naming the last layer, or the objective, where the targets fit another; `data`
 * naming the file and the first target where they fit none
 */
export function checkTargets(
  dataset: Dataset,
  answers: Answers,
  lastLayer: readonly PropertyKey[],
): void {
  const check = checks[answers.objective.targets];
  for (const split of ['train', 'test'] as const) {
    const { targets, count }: Examples = dataset[split];
    const names = filesOf(dataset, `${split}.targets`).map(({ name }) => name);
    check({ targets, count, files: names.join(', ') }, { dataset, answers, lastLayer });
  }
}

/** How many outputs an example needs: one for each class, or each number of its target. */
export function outputsNeeded(dataset: Dataset, targets: TargetKind): number {
  if (targets !== 'classes') return widthOf(dataset.train.targets);
  return dataset.classes?.length ?? Math.max(...classesOf(dataset)) + 1;
}

const objectivePath = ['training', 'objective'];
const objectiveKey = objectivePath.join('.');

const checks: Readonly<Record<TargetKind, (source: Source, check: Check) => void>> = {
  classes({ targets, count, files }, { dataset, answers, lastLayer }) {
    const { outputs, objective } = answers;
    const { values } = targets;
    if (targets.shape.length > 0) {
      throw new LockstepError(
        'usage',
        `${objectiveKey}: expected an objective for targets of shape ${shapeText(targets, count)}, as in ${files}, got ${objective.spec.kind}, which takes one class an example`,
        {
          path: objectivePath,
          hint: isOneHot(targets)
            ? 'They look one-hot: keep the number of each class only, as numpy.argmax(targets, axis=1) gives it.'
            : 'Set it to {kind: sigmoidCrossEntropy} for labels of 0 or 1, or to {kind: meanSquaredError} for numbers; or keep the column with the classes only, which data.idx.label does of IDX files.',
        },
      );
    }
    if (isFloat(values)) {
      const position = values.findIndex((value) => !Number.isInteger(value));
      if (position >= 0) {
        throw new LockstepError(
          'usage',
          `${objectiveKey}: expected an objective for numbers such as ${values[position]!}, at position ${position} (from 0) of ${files}, got ${objective.spec.kind}, which takes classes`,
          {
            path: objectivePath,
            hint: 'For regression set it, for instance to {kind: meanSquaredError}.',
          },
        );
      }
      throw new LockstepError(
        'data',
        `Expected whole numbers as labels in ${files}, got ${typeOf(values)}.`,
        {
          hint: 'Store the classes, from 0, as bytes or integers; for regression set training.objective, for instance to {kind: meanSquaredError}.',
        },
      );
    }
    const position = values.findIndex((label) => label < 0 || label >= outputs);
    if (position === -1) return;
    const label = values[position]!;
    const classes = classCount(dataset);
    if (classes !== undefined) {
      throw new LockstepError(
        'usage',
        `${lastLayer.join('.')}: expected at least ${classes} units, one for each class of ${dataset.name}, got ${outputs}; class ${label} is at position ${position} (from 0) of ${files}`,
        {
          path: lastLayer,
          hint: `End the network with {kind: dense, units: ${classes}}; for regression set training.objective.`,
        },
      );
    }
    throw new LockstepError(
      'data',
      `Expected labels below ${outputs}, the units of the last layer, got ${label} at position ${position} (from 0) of ${files}${label < 0 ? '' : ', and not all classes below it'}.`,
      {
        hint:
          label < 0
            ? 'Classes count from 0; for regression set training.objective.'
            : countFromOne(dataset)
              ? `These classes count from 1: store them less 1, or end the network with {kind: dense, units: ${classesOf(dataset).size + 1}}, the first of which stays without examples.`
              : `Correct the labels, or raise the last layer's units to at least ${label + 1}; for regression set training.objective.`,
      },
    );
  },
  labels(source, check) {
    refuseOwnClasses(source, check, 2);
    requireWidth(source, check);
    const { targets } = source;
    const isLabel = (value: number) => value === 0 || value === 1;
    const kind = check.answers.objective.spec.kind;
    const areClasses = targets.shape.length === 0 && targets.values.every(isClass);
    if (areClasses && !targets.values.every(isLabel)) {
      const position = targets.values.findIndex((value) => !isLabel(value));
      throw new LockstepError(
        'usage',
        `${objectiveKey}: expected an objective for classes such as ${targets.values[position]!}, at position ${position} (from 0) of ${source.files}, got ${kind}, which takes labels of 0 or 1`,
        { path: objectivePath, hint: classesHint },
      );
    }
    requireValues(source, isLabel, {
      expected: `0 or 1 as targets of ${kind}`,
      hint: 'Store a 1 for each label that an example has, and a 0 for each other.',
    });
  },
  numbers(source, check) {
    refuseOwnClasses(source, check, 0);
    requireWidth(source, check);
    requireValues(source, (value) => Number.isFinite(Math.fround(value)), {
      expected: 'targets that float32 can hold, below 3.4e38',
      hint: 'Scale the targets before training.',
    });
  },
};

const classesHint =
  'For classes set it to {kind: softmaxCrossEntropy}, or leave it out, and end the network with a unit for each class.';

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

/** Whether each example has a 1 among zeros. */
function isOneHot({ shape, values }: Column): boolean {
  const [width = 0, ...others] = shape;
  if (others.length > 0 || width < 2) return false;
  for (let start = 0; start < values.length; start += width) {
    const own = values.subarray(start, start + width);
    if (!own.includes(1) || own.some((value, k) => value !== (k === own.indexOf(1) ? 1 : 0))) {
      return false;
    }
  }
  return true;
}

/** Whether the classes are 1 to some number, all of them. */
function countFromOne(dataset: Dataset): boolean {
  const present = classesOf(dataset);
  return Array.from({ length: present.size }, (_, label) => present.has(label + 1)).every(Boolean);
}

function classesOf({ train, test }: Dataset): ReadonlySet<number> {
  const present = new Set<number>();
  for (const { targets } of [train, test]) {
    for (const label of targets.values) present.add(label);
  }
  return present;
}

/** How many classes the labels are of, if they have names or all of them are there; undefined where they look wrong. */
function classCount(dataset: Dataset): number | undefined {
  if (dataset.classes !== undefined) return dataset.classes.length;
  const present = classesOf(dataset);
  const isThere = Array.from({ length: present.size }, (_, label) => present.has(label));
  return isThere.every(Boolean) ? present.size : undefined;
}

/** @param most classes with names that the objective can take for numbers */
function refuseOwnClasses({ files }: Source, { dataset, answers }: Check, most: number): void {
  const { classes } = dataset;
  if (classes === undefined || classes.length <= most) return;
  const [one = '', other = ''] = classes;
  throw new LockstepError(
    'usage',
    `${objectiveKey}: expected an objective for the ${classes.length} classes (${one}, ${other}${classes.length > 2 ? ', …' : ''}) of ${files}, got ${answers.objective.spec.kind}`,
    { path: objectivePath, hint: classesHint },
  );
}

function requireWidth({ targets, count, files }: Source, { answers, lastLayer }: Check): void {
  const { outputs, objective } = answers;
  const { kind } = objective.spec;
  const width = widthOf(targets);
  if (targets.shape.length > 1) {
    throw new LockstepError(
      'data',
      `Expected targets of shape [${count}, ${outputs}], a number for each unit of the last layer, in ${files}, got ${shapeText(targets, count)}.`,
      { hint: `${kind} compares one axis of outputs.` },
    );
  }
  if (width === outputs) return;
  if (targets.shape.length === 0 && targets.values.every(isClass)) {
    throw new LockstepError(
      'usage',
      `${objectiveKey}: expected an objective for one whole number an example, as in ${files}, got ${kind}, which compares ${outputs} numbers, one for each unit of the last layer`,
      {
        path: objectivePath,
        hint: `${classesHint} To predict the number itself, end the network with {kind: dense, units: 1}.`,
      },
    );
  }
  throw new LockstepError(
    'usage',
    `${lastLayer.join('.')}: expected ${width} ${width === 1 ? 'unit' : 'units'}, one for each number that ${files} has of an example, got ${outputs}`,
    { path: lastLayer, hint: `End the network with {kind: dense, units: ${width}}.` },
  );
}

function requireValues(
  { targets, files }: Source,
  allowed: (value: number) => boolean,
  { expected, hint }: { readonly expected: string; readonly hint: string },
): void {
  const position = targets.values.findIndex((value) => !allowed(value));
  if (position === -1) return;
  const width = widthOf(targets);
  const column = width === 1 ? '' : `, output ${position % width}`;
  throw new LockstepError(
    'data',
    `Expected ${expected}, got ${targets.values[position]!} at position ${Math.floor(position / width)}${column} (from 0) of ${files}.`,
    { hint },
  );
}

function shapeText({ shape }: Column, count: number): string {
  return `[${[count, ...shape].join(', ')}]`;
}
