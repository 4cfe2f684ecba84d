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

type Check = (source: Source, answers: Answers) => void;

/**
 * Checks that every target is one that the network can answer and its objective compares.
 *
 * @throws LockstepError `data`, naming the file and what is wrong first
 */
export function checkTargets(dataset: Dataset, answers: Answers): void {
  const check = checks[answers.objective.targets];
  for (const split of ['train', 'test'] as const) {
    const { targets, count }: Examples = dataset[split];
    const names = filesOf(dataset, `${split}.targets`).map(({ name }) => name);
    check({ targets, count, files: names.join(', ') }, answers);
  }
}

const checks: Readonly<Record<TargetKind, Check>> = {
  classes({ targets, count, files }, { outputs }) {
    if (targets.shape.length > 0) {
      throw new LockstepError(
        'data',
        `Expected one label for each example, of shape [${count}], in ${files}, got ${shapeText(targets, count)}.`,
        {
          hint: 'Keep the column with the classes, from 0; for several targets set training.objective.',
        },
      );
    }
    if (isFloat(targets.values)) {
      throw new LockstepError(
        'data',
        `Expected whole numbers as labels in ${files}, got ${typeOf(targets.values)}.`,
        {
          hint: 'Store the classes, from 0, as bytes or integers; for regression set training.objective, for instance to {kind: meanSquaredError}.',
        },
      );
    }
    const { values } = targets;
    const position = values.findIndex((label) => label < 0 || label >= outputs);
    if (position === -1) return;
    const label = values[position]!;
    throw new LockstepError(
      'data',
      `Expected labels below ${outputs}, the units of the last layer, got ${label} at position ${position} (from 0) of ${files}.`,
      {
        hint:
          label < 0
            ? 'Classes count from 0.'
            : `Raise the last layer's units to at least ${label + 1}.`,
      },
    );
  },
  labels(source, answers) {
    requireWidth(source, answers);
    requireValues(source, (value) => value === 0 || value === 1, {
      expected: `0 or 1 as targets of ${answers.objective.spec.kind}`,
      hint: 'Store a 1 for each label that an example has, and a 0 for each other.',
    });
  },
  numbers(source, answers) {
    requireWidth(source, answers);
    requireValues(source, (value) => Number.isFinite(Math.fround(value)), {
      expected: 'targets that float32 can hold, below 3.4e38',
      hint: 'Scale the targets before training.',
    });
  },
};

function requireWidth({ targets, count, files }: Source, { outputs, objective }: Answers): void {
  const width = widthOf(targets);
  if (targets.shape.length <= 1 && width === outputs) return;
  const units = `${outputs} ${outputs === 1 ? 'unit' : 'units'}`;
  throw new LockstepError(
    'data',
    `Expected targets of shape [${count}, ${outputs}], a number for each of the ${units} of the last layer, in ${files}, got ${shapeText(targets, count)}.`,
    {
      hint:
        targets.shape.length > 1
          ? `${objective.spec.kind} compares one axis of outputs.`
          : `End the network with {kind: dense, units: ${width}}.`,
    },
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
