import { effectUnit, formatLevel, formatterFor } from '../statistics/format-effect.js';
import { effectNumbers, pText } from './effect-text.js';
import type { ReportComparison } from './report-schema.js';

/** Titles of the four cells. */
export function statisticsHead({ metric }: Pick<ReportComparison, 'metric'>): string[] {
  return ['Method', `Estimate${effectUnit(metric).factor === 100 ? ', %' : ''}`, 'p', 'Says'];
}

/** Every method's estimate, p and meaning, in words; plain text, four cells a row. */
export function statisticsRows(comparison: ReportComparison): string[][] {
  const { values, pairedT, signFlip, wilcoxon, hodgesLehmann, signTest } = comparison;
  const { equivalence, welch, correlation, labels, metric, margin } = comparison;
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
  const none = (part: { readonly because: string }) => [`not computable: ${part.because}`, '–'];
  const row = (name: string, cells: readonly string[], says: string) => [name, ...cells, says];
  const { value } = effectNumbers(comparison);
  return [
    row(labels.baseline, [spread('baseline'), ''], 'mean ± SD of the baseline'),
    row(labels.challenger, [spread('challenger'), ''], 'mean ± SD of the challenger'),
    row('Difference', [spread('difference'), ''], 'mean ± SD of challenger − baseline'),
    row(
      'Paired t',
      pairedT.computable
        ? [
            `${value}, ${range(pairedT.interval)}; t(${pairedT.df}) ${pairedT.t.toFixed(2)}`,
            pText(pairedT.p),
          ]
        : none(pairedT),
      'assumes normal differences',
    ),
    row(
      'Effect size d_z',
      pairedT.computable ? [pairedT.dz.toFixed(2), ''] : none(pairedT),
      'the difference in SDs of the differences',
    ),
    row(
      'Sign-flip test',
      signFlip.computable
        ? [
            signFlip.method === 'exact' ? 'all sign patterns' : 'random sign patterns',
            pText(signFlip.p),
          ]
        : none(signFlip),
      'assumes symmetric differences only; the verdict needs this p and that of t',
    ),
    row(
      'Wilcoxon signed rank',
      wilcoxon.computable ? [`W ${wilcoxon.w}`, pText(wilcoxon.p)] : none(wilcoxon),
      'by ranks; a wild seed counts little',
    ),
    row(
      'Hodges-Lehmann',
      hodgesLehmann.computable
        ? [
            `${number(hodgesLehmann.estimate)}${hodgesLehmann.interval.computable ? `, ${range(hodgesLehmann.interval)}` : ''}`,
            '',
          ]
        : none(hodgesLehmann),
      'a typical difference; a wild seed moves it little',
    ),
    row(
      'Sign test',
      [
        `${signTest.positive} up, ${signTest.ties} tied, ${signTest.negative} down`,
        pText(signTest.p),
      ],
      'counts directions only',
    ),
    row(
      'Equivalence (TOST)',
      equivalence.computable
        ? [`margin ±${number(margin)}; ${range(equivalence.interval)}`, pText(equivalence.p)]
        : none(equivalence),
      'a small p shows the difference is within the margin',
    ),
    row(
      'Correlation of the variants',
      correlation.computable ? [correlation.r.toFixed(3), ''] : none(correlation),
      'the luck of a seed that both share',
    ),
    row(
      'Unpaired (Welch), for contrast',
      welch.computable ? [range(welch.interval), pText(welch.p)] : none(welch),
      'what the same numbers would say without pairing',
    ),
  ];
}
