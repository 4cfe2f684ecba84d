import type { Config } from '../config/schema.js';
import { filesOf, testLabelsMd5 } from '../data/dataset.js';
import type { Dataset } from '../data/dataset.js';
import { pictureOf } from '../data/picture.js';
import { LockstepError } from '../protocol/index.js';
import { count } from '../text/numbers.js';
import { classify } from './classification.js';
import type { Classification } from './classification.js';
import { comparePredictions } from './compare-predictions.js';
import type { Disagreement, PredictionComparison, Votes } from './compare-predictions.js';
import { encodePng } from './png.js';
import type { TrialPredictions } from './predictions-file.js';

/** A disagreement with its picture. */
export interface GalleryItem extends Disagreement {
  /** `data:image/png;base64,…` of the example's pixels; absent where its inputs are no picture. */
  readonly image?: string | undefined;
  /** Alternative text for the picture. */
  readonly alt: string;
}

/** A challenger against the baseline, with pictures of what they disagree on most. */
export interface PredictionSection extends Omit<PredictionComparison, 'disagreements'> {
  readonly disagreements: readonly GalleryItem[];
  /** Of the baseline and the challenger. */
  readonly classifications: readonly Classification[];
  /** Names of the classes, by number, where the data have them. */
  readonly classNames?: readonly string[] | undefined;
}

/**
 * Everything a report shows of the predictions of one configuration's trials; plain data.
 * @param trials those that have predictions, one a seed
 * @param listed how many disagreements are pictured, at most
 * @returns a section for each challenger; none without predictions
 * @throws LockstepError `data` when the dataset's test labels are not those that were trained with
 */
export function predictionSections(
  trials: readonly TrialPredictions[],
  { variants, baseline, decision }: Pick<Config, 'variants' | 'baseline' | 'decision'>,
  dataset: Dataset,
  listed = 24,
): PredictionSection[] {
  if (trials.length === 0) return [];
  const labels = dataset.test.targets.values;
  const md5 = testLabelsMd5(dataset);
  for (const { seed, labelsMd5, variants: predicted } of trials) {
    requireSame(seed, Object.keys(variants), predicted, trials[0]!);
    if (labelsMd5 === md5) continue;
    const names = filesOf(dataset, 'test.targets').map(({ name }) => name);
    throw new LockstepError(
      'data',
      `predictions of seed ${seed}: expected test labels with MD5 ${labelsMd5}, got ${md5} (${names.join(', ')})`,
      { hint: 'Use the dataset that the run was trained on.' },
    );
  }
  const nameOf = (variant: string) => variants[variant]?.label ?? variant;
  return Object.keys(variants)
    .filter((name) => name !== baseline)
    .map((challenger) => {
      const level = 1 - decision.alpha;
      const options = { baseline, challenger, level, listed };
      const comparison = comparePredictions(trials, labels, options);
      return {
        ...comparison,
        ...(dataset.classes && { classNames: dataset.classes }),
        classifications: [baseline, challenger].map((name) => classify(trials, labels, name)),
        disagreements: comparison.disagreements.map((item) => {
          const picture = pictureOf(dataset.test.inputs, item.example);
          const said = [
            describeVotes(nameOf(baseline), item.baseline, trials.length),
            describeVotes(nameOf(challenger), item.challenger, trials.length),
          ];
          return {
            ...item,
            ...(picture && {
              image: `data:image/png;base64,${encodePng(picture).toString('base64')}`,
            }),
            alt: `Test example ${item.example}, class ${item.label}. ${said.join(' ')}`,
          };
        }),
      };
    });
}

function requireSame(
  seed: number,
  names: readonly string[],
  predicted: TrialPredictions['variants'],
  first: TrialPredictions,
): void {
  const examples = first.variants[names[0]!]?.length;
  for (const name of names) {
    const got = predicted[name]?.length;
    if (got !== undefined && got === examples) continue;
    throw new LockstepError(
      'data',
      `predictions of seed ${seed}: expected ${examples ?? 'some'} of variant ${name}, got ${got ?? 'none'}`,
      {
        hint: 'The file was changed after it was written; `lockstep verify` finds what else differs.',
      },
    );
  }
}

/** `SNN: 7 in 4 of 5 seeds, 1 in 1.` */
function describeVotes(label: string, { classes }: Votes, seeds: number): string {
  const [first, ...others] = classes;
  const most = `${first!.class} in ${first!.seeds} of ${count(seeds, 'seed')}`;
  return `${label}: ${[most, ...others.map((vote) => `${vote.class} in ${vote.seeds}`)].join(', ')}.`;
}
