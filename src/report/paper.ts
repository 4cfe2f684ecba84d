import type { Config } from '../config/schema.js';
import {
  effectUnit,
  formatLevel,
  formatMargin,
  partsFormatter,
} from '../statistics/format-effect.js';
import { latexTable, latexText } from '../text/latex.js';
import { count } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import { comparisonLabel } from './comparison-table.js';
import { dropsUnits } from './drops-units.js';
import { dataSetsSentence } from './data-sets-text.js';
import {
  differenceP,
  pText,
  probabilityRange,
  probabilityText,
  verdictInterval,
} from './effect-text.js';
import { extentText } from './extent.js';
import {
  lastLookText,
  sequentialCorrectionSentence,
  sequentialIntervalText,
  sequentialOf,
  sequentialPairsClause,
  sequentialTestsSentence,
} from './paper-sequence.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';
import { sharesTable, varianceParagraph } from './variance-text.js';

type Paper = ReportDocument['paper'];
type Content = Omit<ReportDocument, 'paper'>;

/** Text and table for a paper, of everything else that the report says. @param configs of the points, none where they are unknown */
export function paperOf(report: Content, configs: readonly Config[]): Paper {
  const factors = variedFactors(configs);
  const { variance } = report;
  const paragraph = variance
    ? varianceParagraph(variance, report.decision.alpha)
    : paragraphOf(report, factors);
  const lines = [
    latexText(paragraph),
    '',
    '% \\usepackage{booktabs}',
    ...latexTable(variance ? sharesTable(variance) : paperTable(report)),
  ];
  return { factors, paragraph, latex: `${lines.join('\n')}\n` };
}

/** The random streams that training uses at some point. */
function variedFactors(configs: readonly Config[]): Paper['factors'] {
  const [first] = configs;
  if (first === undefined) return [];
  const { pairing } = first;
  const drops = dropsUnits(configs);
  const augments = configs.some(({ training }) => (training.augmentation ?? []).length > 0);
  return [
    { name: 'the order of the training examples', shared: true },
    { name: 'the initial weights', shared: pairing.init === 'shared' },
    ...(drops ? [{ name: 'the dropped units', shared: pairing.dropout === 'shared' }] : []),
    ...(augments
      ? [{ name: 'the augmentation', shared: pairing.augmentation !== 'independent' }]
      : []),
  ];
}

const and = new Intl.ListFormat('en');

function paragraphOf(report: Content, factors: Paper['factors']): string {
  const { comparisons } = report;
  if (comparisons.length === 0) return 'The run has one variant, so there is nothing to compare.';
  return [
    ...(report.decision.exploratory ? ['This analysis is exploratory.'] : []),
    comparedSentence(report),
    pairsSentence(report),
    ...(report.race ? [raceText(report.race)] : []),
    factorsSentence(report, factors),
    errorBarsSentence(report),
    testsSentence(report),
    correctionSentence(report),
    ...(comparisons.length === 1 ? resultSentences(comparisons[0]!) : []),
    ...(report.dataSets ? [dataSetsSentence(report, report.dataSets)] : []),
    ...report.notes.map((note) => `Note: ${note}.`),
  ].join(' ');
}

function comparedSentence(report: Content): string {
  const { variants, baseline, decision, points, dataSets } = report;
  const challengers = variants.filter(({ name }) => name !== baseline).map(({ label }) => label);
  const where = dataSets
    ? ` on each of ${count(points.length, 'data set')}`
    : points.length > 1
      ? ` at each of ${count(points.length, 'setting')}`
      : '';
  const isTimed = report.run.importedFrom === undefined || points.some(({ steps }) => steps > 0);
  const after = isTimed ? ` after ${extentText(report)}` : '';
  const lower = decision.direction === 'lower' ? ' (lower is better)' : '';
  return `We compare ${and.format(challengers)} with the baseline ${baselineLabel(report)}${where} by ${effectUnit(decision.metric).metric}${lower}${after}.`;
}

function pairsSentence({ comparisons, decision, race }: Content): string {
  const dropped = new Set(race?.drops.map(({ point }) => point));
  const kept = comparisons.filter(({ point }) => !dropped.has(point));
  const completed = (kept.length > 0 ? kept : comparisons).map(({ pairs }) => pairs.completed);
  const [least, most] = [Math.min(...completed), Math.max(...completed)];
  const n = least === most ? `${most}` : `${least} to ${most}`;
  const planned = Math.max(...comparisons.map(({ pairs }) => pairs.planned));
  const missing =
    least < planned
      ? ` of ${planned} planned; a pair without a value of both variants was neither replaced nor counted, and a failure bars a verdict in favour of the side that failed`
      : '';
  const each = comparisons.length > 1 ? ' in each comparison' : '';
  const sequential = sequentialOf(comparisons);
  const asPlanned = decision.exploratory ? '' : ', a number fixed before the results were known';
  const fixed = sequential ? sequentialPairsClause(sequential) : asPlanned;
  return `The unit is the pair of one random seed, n = ${n} pairs${each}${missing || fixed}.`;
}

/** Why settings have different numbers of pairs. */
function raceText({ alpha, drops, survivors, seeds }: NonNullable<Content['race']>): string {
  const points = count(drops.length + survivors.length, 'setting');
  return `The ${points} raced over ${seeds} seeds: one whose mean fell behind the best by more than chance explains (t tests after each seed, alpha = ${alpha} corrected by Bonferroni for rivals and looks), or that failed, ran no further seeds. ${drops.length} ended so; they have fewer pairs and no verdict, and count as comparisons with p = 1.`;
}

function factorsSentence({ variants, run }: Content, factors: Paper['factors']): string {
  if (run.importedFrom !== undefined) {
    return 'The results were not made by the program that analysed them; what a seed varies, and what the variants of a pair share, is not recorded.';
  }
  const all = variants.length > 2 ? 'all variants' : 'both variants';
  const independent = factors.filter(({ shared }) => !shared).map(({ name }) => name);
  const shared = factors.filter((factor) => factor.shared).map(({ name }) => name);
  const draws =
    independent.length === 0
      ? 'have the same random draws of all of these'
      : `have the same random draws of ${and.format(shared)}, and independent ones of ${and.format(independent)}`;
  return `A seed varies ${and.format(factors.map(({ name }) => name))}; ${all} of a pair ${draws}. The data, their splits and the hyperparameters are the same for every seed.`;
}

function errorBarsSentence({ decision, comparisons }: Content): string {
  const sequential = sequentialOf(comparisons);
  if (sequential) {
    return `Values are means ± the sample standard deviation over seeds; the ${formatLevel(1 - sequential.alpha)} confidence interval of the mean paired difference (challenger minus baseline) ${sequentialIntervalText(sequential)}.`;
  }
  return `Values are means ± the sample standard deviation over seeds; the interval is the ${formatLevel(1 - decision.alpha)} confidence interval of the mean paired difference (challenger minus baseline), mean ± t times its standard error with n − 1 degrees of freedom, which assumes independent and normally distributed differences.`;
}

function testsSentence({ decision, comparisons }: Content): string {
  const sequential = sequentialOf(comparisons);
  if (sequential) return sequentialTestsSentence(sequential);
  const { alpha, margin, metric } = decision;
  const drawn = comparisons.some(
    ({ signFlip }) => signFlip.computable && signFlip.method === 'monteCarlo',
  );
  const equivalence =
    margin > 0
      ? ` Variants are called equivalent where one-sided tests of both kinds show a difference within ±${formatMargin(margin, metric)} (TOST).`
      : '';
  return `A difference counts at alpha = ${alpha} only where the two-sided paired t test and the two-sided ${drawn ? 'Monte-Carlo' : 'exact'} sign-flip test, which assumes symmetric differences only, both reject; p is the larger of the two.${equivalence}`;
}

function correctionSentence({ comparisons }: Content): string {
  const sequential = sequentialOf(comparisons);
  if (sequential) return sequentialCorrectionSentence(sequential);
  return comparisons.length > 1
    ? `All p values are adjusted by Holm's method over the ${comparisons.length} comparisons; intervals are not.`
    : 'There is one comparison, so p is not adjusted for others.';
}

function resultSentences(comparison: ReportComparison): string[] {
  const { labels, metric, pairs, outperforms, verdict } = comparison;
  if (pairs.completed === 0) return ['No pair is complete.'];
  const { challenger, baseline, difference: value, interval } = numbersOf([comparison])(comparison);
  const unit = effectUnit(metric);
  const { sequential } = comparison;
  const level = formatLevel(1 - (sequential ?? comparison).alpha);
  const evidence = sequential ? lastLookText(sequential) : `p = ${pText(differenceP(comparison))}`;
  const percent = unit.factor === 100 ? ' percent' : '';
  const scores = `${labels.challenger} scores ${challenger}${percent} and ${labels.baseline} ${baseline}${percent}.`;
  const difference = `${labels.challenger} minus ${labels.baseline} is ${value} ${unit.phrase}${interval === '–' ? '' : ` (${level} CI ${interval})`}, ${evidence}: ${verdict.decision}.`;
  if (!outperforms.computable) return [scores, difference];
  // Clopper and Pearson's interval is one for a number of pairs fixed before.
  const around = sequential ? '' : ` (Clopper-Pearson ${probabilityRange(outperforms.interval)})`;
  return [
    scores,
    difference,
    `The probability that ${labels.challenger} beats ${labels.baseline} with a new seed is estimated at ${probabilityText(outperforms.p)}${around}.`,
  ];
}

/** A row for each comparison: what a paper's table has. */
function paperTable(report: Content): Table {
  const { comparisons, decision, variants } = report;
  const unit = effectUnit(decision.metric);
  const several = comparisons.length > 1;
  const numbers = numbersOf(comparisons);
  const sequential = sequentialOf(comparisons);
  const challenger = variants.length > 2 ? 'Challenger' : (comparisons[0]?.labels.challenger ?? '');
  return tableOf(`Differences of ${unit.metric}`, comparisons, [
    textColumn<ReportComparison>(several ? 'Comparison' : '', (one) => rowLabel(one, report)),
    numberColumn(`${baselineLabel(report)}${unit.values}`, (one) => numbers(one).baseline),
    numberColumn(`${challenger}${unit.values}`, (one) => numbers(one).challenger),
    numberColumn(`Difference${unit.differences}`, (one) => numbers(one).difference),
    numberColumn(
      `${formatLevel(1 - (sequential ?? decision).alpha)} CI`,
      (one) => numbers(one).interval,
    ),
    ...(sequential
      ? []
      : [
          numberColumn<ReportComparison>(several ? 'Holm p' : 'p', (one) =>
            pText(several ? one.verdict.pDifference : differenceP(one)),
          ),
        ]),
    numberColumn('P(B > A)', ({ outperforms }) =>
      outperforms.computable ? probabilityText(outperforms.p) : '–',
    ),
    numberColumn('n', ({ pairs }) => pairs.completed),
  ]);
}

function rowLabel(comparison: ReportComparison, report: Content): string {
  const { labels, point } = comparison;
  if (report.comparisons.length === 1) return `${labels.challenger} vs. ${labels.baseline}`;
  const set = report.dataSets?.sets[point]?.name;
  if (set === undefined) return comparisonLabel(comparison, report);
  return report.variants.length > 2 ? `${labels.challenger}, ${set}` : set;
}

interface Texts {
  readonly baseline: string;
  readonly challenger: string;
  readonly difference: string;
  readonly interval: string;
}

/** Means ± SD, difference and interval, all with the decimals that the sharpest interval supports. */
function numbersOf(comparisons: readonly ReportComparison[]): (one: ReportComparison) => Texts {
  const factor = comparisons[0] ? effectUnit(comparisons[0].metric).factor : 1;
  const partsOf = ({ values: { baseline, challenger, difference } }: ReportComparison) =>
    baseline.computable && challenger.computable && difference.computable
      ? ([baseline, challenger, difference].map(({ mean }) => mean * factor) as [
          number,
          number,
          number,
        ])
      : undefined;
  const halves = comparisons.flatMap((comparison) => {
    const interval = verdictInterval(comparison);
    return interval === null ? [] : [((interval.high - interval.low) / 2) * factor];
  });
  const sharpest = halves.length === 0 ? 0 : Math.min(...halves);
  const format = partsFormatter(
    sharpest,
    comparisons.flatMap((one) => {
      const parts = partsOf(one);
      return parts ? [parts] : [];
    }),
  );
  return (one) => {
    const parts = partsOf(one);
    if (!parts) return { baseline: '–', challenger: '–', difference: '–', interval: '–' };
    const [baseline, challenger, difference] = format(parts);
    const interval = verdictInterval(one);
    const fixed = (value: number) => (value * factor).toFixed(difference.split('.')[1]?.length);
    const spread = (side: 'baseline' | 'challenger') => {
      const summary = one.values[side];
      return summary.computable && summary.sd !== null ? ` ± ${fixed(summary.sd)}` : '';
    };
    return {
      baseline: `${baseline}${spread('baseline')}`,
      challenger: `${challenger}${spread('challenger')}`,
      difference,
      interval: interval ? `${fixed(interval.low)} to ${fixed(interval.high)}` : '–',
    };
  };
}

function baselineLabel({ variants, baseline }: Content): string {
  return variants.find(({ name }) => name === baseline)?.label ?? baseline;
}
