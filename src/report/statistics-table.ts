import type { NotComputable } from '../statistics/computable.js';
import { effectUnit, formatLevel, formatterFor } from '../statistics/format-effect.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import {
  effectNumbers,
  outperformsText,
  pText,
  posteriorText,
  probabilityRange,
  probabilityText,
} from './effect-text.js';
import type { ReportComparison } from './report-schema.js';

interface Method {
  readonly name: string;
  readonly estimate: string;
  /** Empty where the method has none. */
  readonly p: string;
  readonly says: string;
}

/** Every method's estimate, p and meaning, in words. */
export function statisticsTable(comparison: ReportComparison, caption = 'Statistics'): Table {
  return tableOf(caption, methods(comparison), [
    textColumn('Method', ({ name }) => name),
    textColumn(`Estimate${effectUnit(comparison.metric).values}`, ({ estimate }) => estimate),
    numberColumn('p', ({ p }) => p),
    textColumn('Says', ({ says }) => says),
  ]);
}

function methods(comparison: ReportComparison): Method[] {
  const { values, pairedT, signFlip, wilcoxon, hodgesLehmann, signTest } = comparison;
  const { equivalence, welch, correlation, labels, metric, margin } = comparison;
  const { outperforms, bayesianSignedRank } = comparison;
  const { factor } = effectUnit(metric);
  const sd = values.difference.computable ? (values.difference.sd ?? 0) * factor : 0;
  const number = (value: number) => formatterFor(sd / 10, [value * factor])(value * factor);
  const range = ({ low, high, level }: { low: number; high: number; level: number }) =>
    `${formatLevel(level)} CI ${number(low)} to ${number(high)}`;
  const spread = (side: 'baseline' | 'challenger' | 'difference') => {
    const summary = values[side];
    if (!summary.computable) return `not computable: ${summary.because}`;
    return `${number(summary.mean)}${summary.sd === null ? '' : ` ± ${number(summary.sd)}`}`;
  };
  /** A method whose part of the comparison may not be computable. */
  const method = <Part extends { readonly computable: true }>(
    name: string,
    part: Part | NotComputable,
    says: string,
    tell: (part: Part) => string,
    p?: (part: Part) => number,
  ): Method =>
    part.computable
      ? { name, estimate: tell(part), p: p ? pText(p(part)) : '', says }
      : { name, estimate: `not computable: ${part.because}`, p: '–', says };
  const mean = (name: string, side: 'baseline' | 'challenger' | 'difference', of: string) => ({
    name,
    estimate: spread(side),
    p: '',
    says: `mean ± SD of ${of}`,
  });
  const { value } = effectNumbers(comparison);
  return [
    mean(labels.baseline, 'baseline', 'the baseline'),
    mean(labels.challenger, 'challenger', 'the challenger'),
    mean('Difference', 'difference', 'challenger − baseline'),
    method(
      'Paired t',
      pairedT,
      'assumes normal differences',
      ({ interval, df, t }) => `${value}, ${range(interval)}; t(${df}) ${t.toFixed(2)}`,
      ({ p }) => p,
    ),
    method('Effect size d_z', pairedT, 'the difference in SDs of the differences', ({ dz }) =>
      dz.toFixed(2),
    ),
    method(
      'Sign-flip test',
      signFlip,
      'assumes symmetric differences only; the verdict needs this p and that of t',
      (test) => (test.method === 'exact' ? 'all sign patterns' : 'random sign patterns'),
      ({ p }) => p,
    ),
    method(
      'Wilcoxon signed rank',
      wilcoxon,
      'by ranks; a wild seed counts little',
      ({ w }) => `W ${w}`,
      ({ p }) => p,
    ),
    method(
      'Hodges-Lehmann',
      hodgesLehmann,
      'a typical difference; a wild seed moves it little',
      ({ estimate, interval }) =>
        `${number(estimate)}${interval.computable ? `, ${range(interval)}` : ''}`,
    ),
    {
      name: 'Sign test',
      estimate: `${signTest.positive} up, ${signTest.ties} tied, ${signTest.negative} down`,
      p: pText(signTest.p),
      says: 'counts directions only',
    },
    method(
      'P(B > A)',
      outperforms,
      `how often the challenger wins with a new seed; ${outperformsText(comparison)}`,
      ({ p, interval }) => `probability ${probabilityText(p)}, ${probabilityRange(interval)}`,
    ),
    method(
      'Equivalence (TOST)',
      equivalence,
      'a small p shows that the difference is within the margin',
      ({ interval }) => `margin ±${number(margin)}; ${range(interval)}`,
      ({ p }) => p,
    ),
    method(
      'Bayesian signed rank',
      bayesianSignedRank,
      margin > 0
        ? 'posterior probabilities; equivalent: within the margin'
        : 'posterior probabilities; without a margin only ties are equivalent',
      ({ worse, equivalent, better }) =>
        `worse ${posteriorText(worse)}, equivalent ${posteriorText(equivalent)}, better ${posteriorText(better)}`,
    ),
    method(
      'Correlation of the variants',
      correlation,
      'the luck of a seed that both share',
      ({ r }) => r.toFixed(3),
    ),
    method(
      'Unpaired (Welch), for contrast',
      welch,
      'what the same numbers would say without pairing',
      ({ interval }) => range(interval),
      ({ p }) => p,
    ),
  ];
}
