import picocolors from 'picocolors';
import type { DryRun } from '../app/dry-run.js';
import { racerText } from '../report/race-table.js';
import { count, formatCount } from '../text/numbers.js';
import { cleanText } from '../text/text.js';

/** The trials that would run, what they would train and on what, as lines for people. */
export function renderDryRun(plan: DryRun, { color }: { readonly color: boolean }): string {
  const { config, engine, data, training, trials } = plan;
  const { dim } = picocolors.createColors(color);
  const seeds = new Set(trials.map(({ seed }) => seed)).size;
  const each =
    config.sweep === undefined
      ? `of ${count(training.steps, 'step')}`
      : `(${count(trials.length / seeds, 'point')} x ${count(seeds, 'seed')})`;
  const lengthsDiffer = new Set(trials.map(({ steps }) => steps)).size > 1;
  const names = Object.keys(plan.variants).join(', ');
  const { train, validation, test } = data.splits;
  return [
    `${cleanText(String(config.name))}: ${count(trials.length, 'trial')} ${each}, variants ${names}`,
    `engine ${engine.name}: ${engine.reason}`,
    `data ${cleanText(data.name)}: examples of ${shapeText(data.input)}, ${formatCount(train)} for training, ` +
      `${formatCount(validation)} for validation, ${formatCount(test)} for the test`,
    `training: ${count(training.steps, 'step')}, ${formatCount(training.stepsPerEpoch)} an epoch: ` +
      count(Number(training.epochs.toPrecision(3)), 'epoch'),
    ...raceLines(plan),
    ...augmentationLines(plan),
    ...updateLines(plan),
    ...rateLines(plan),
    ...networkLines(plan).map((line) => cleanText(line)),
    ...trials.map(({ index, seed, streams, point, steps }) =>
      [
        `trial ${index}`,
        ...(streams
          ? Object.entries(streams).map(([name, own]) => `${name} ${own}`)
          : [`seed ${seed}`]),
        ...Object.entries(point).map(([path, value]) => `${path}=${JSON.stringify(value)}`),
        ...(lengthsDiffer && !('training.steps' in point) ? [count(steps, 'step')] : []),
      ].join('  '),
    ),
    '',
  ]
    .map((line) => (line.startsWith('  ') ? dim(line) : line))
    .join('\n');
}

/** What races, and what it costs. */
function raceLines({ race, config }: DryRun): string[] {
  if (race === undefined) return [];
  const { points, seeds, most, typical } = race;
  const share = Math.round((100 * typical) / most);
  return [
    `race by ${racerText(race, String(config.baseline))}: ${count(points, 'point')} over ${count(seeds, 'seed')}, ` +
      `${count(most, 'trial')} at most, typically about ${formatCount(typical)} (${share}%) if few points are good`,
  ];
}

/** What is done to minibatches, and whether to those of all variants alike. */
function augmentationLines({ training: { augmentation }, config }: DryRun): string[] {
  if (augmentation.length === 0) return [];
  const { augmentation: pairing = 'shared' } = config.pairing as Partial<Record<string, string>>;
  const whose = pairing === 'shared' ? 'the same for all variants' : 'of each variant its own';
  const steps = augmentation.map(({ kind, ...settings }) => {
    const values = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`);
    return `${kind} (${values.join(', ')})`;
  });
  return [`augmentation, ${whose}: ${steps.join(', ')}`];
}

/** The variants that take a minibatch in parts. */
function updateLines({ variants }: DryRun): string[] {
  return Object.entries(variants).flatMap(([name, { updatesPerStep }]) =>
    updatesPerStep > 1 ? [`${name}: ${count(updatesPerStep, 'update')} a step`] : [],
  );
}

/** The learning rates that a schedule changes, once for all variants that share them. */
function rateLines({ variants }: DryRun): string[] {
  const texts = Object.entries(variants).flatMap(
    ([name, { learningRates }]): [string, string][] => {
      const rates = learningRates.map(
        ({ step, learningRate }) =>
          `${Number(learningRate.toPrecision(3))} at step ${formatCount(step)}`,
      );
      return rates.length > 1 ? [[name, rates.join(', ')]] : [];
    },
  );
  return namesByText(texts).map(([text, names]) => `learning rate of ${names.join(', ')}: ${text}`);
}

/** The layers of each network, once for all variants that share them. */
function networkLines({ variants }: DryRun): string[] {
  const texts = Object.entries(variants).map(([name, own]): [string, string] => [
    name,
    JSON.stringify(own.layers ?? [own.module ?? own.program, own.parameters]),
  ]);
  return namesByText(texts).flatMap(([, names]) => {
    const { layers = [], parameters, module, program } = variants[names[0]!]!;
    if (parameters === undefined) return [`program of ${names.join(', ')}: ${program?.join(' ')}`];
    return [
      `${module === undefined ? 'network' : `network by ${module}`} of ${names.join(', ')}: ${count(parameters, 'parameter')}`,
      ...layers.map(
        ({ kind, output, parameters: own }) =>
          `  ${kind.padEnd(10)} ${shapeText(output)}${own > 0 ? `, ${count(own, 'parameter')}` : ''}`,
      ),
    ];
  });
}

/** The names that share a text, by text, in order. */
function namesByText(texts: readonly [name: string, text: string][]): [string, string[]][] {
  const names = new Map<string, string[]>();
  for (const [name, text] of texts) names.set(text, [...(names.get(text) ?? []), name]);
  return [...names];
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
