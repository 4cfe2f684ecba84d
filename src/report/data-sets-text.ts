import { effectUnit, formatterFor } from '../statistics/format-effect.js';
import { count } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import { pText, posteriorText } from './effect-text.js';
import type { ReportDataSets, ReportDocument } from './report-schema.js';

type Labelled = Pick<ReportDocument, 'variants'>;
type Ranking = Extract<ReportDataSets['ranking'], { readonly computable: true }>;

/** Below so many data sets or variants Friedman's and Iman and Davenport's p are rough (Demšar 2006, section 3.2.2). */
const enough = { dataSets: 10, variants: 5 };

/** What the ranks say, in sentences of plain text. */
export function dataSetsSentence(
  report: Labelled & Pick<ReportDocument, 'baseline'>,
  dataSets: ReportDataSets,
): string {
  const { ranking } = dataSets;
  if (!ranking.computable) return `No ranks over data sets: ${ranking.because}.`;
  const { n, meanRanks, againstBaseline } = ranking;
  const ranks = inOrder(ranking)
    .map((name) => `${labelOf(report, name)} ${rankText(meanRanks[name]!)}`)
    .join(', ');
  const missing = dataSets.sets.length - n;
  const [only] = againstBaseline.length === 1 ? againstBaseline : [];
  const sentences = [
    `Mean ranks over ${count(n, 'data set')}, 1 is the best: ${ranks}`,
    ...(missing > 0
      ? [`${count(missing, 'data set')} without results of every variant left out`]
      : []),
    only ? signedRankClause(report, only) : friedmanClause(ranking),
    ...(only ? [] : [differenceClause(ranking), baselineClause(report, ranking)]),
  ];
  return `${sentences.join('. ')}.`;
}

/** Two variants: Wilcoxon's test uses the sizes of the differences, ranks of two are hardly more than signs. */
function signedRankClause(
  report: Labelled,
  { challenger, wins, ties, losses, wilcoxon }: Ranking['againstBaseline'][number],
): string {
  const record = `${labelOf(report, challenger)} wins on ${wins}, ties on ${ties} and loses on ${losses}`;
  return wilcoxon.computable
    ? `${record}; Wilcoxon's signed-rank test over the data sets: p ${pText(wilcoxon.p)}`
    : `${record}; no signed-rank test, because ${wilcoxon.because}`;
}

function friedmanClause({ friedman, imanDavenport, n, meanRanks }: Ranking): string {
  if (!friedman.computable) return `No test, because ${friedman.because}`;
  const test = imanDavenport.computable
    ? `Iman and Davenport's F(${imanDavenport.df1}, ${imanDavenport.df2}) ${imanDavenport.f.toFixed(2)}, p ${pText(imanDavenport.p)}`
    : `Friedman's chi-squared(${friedman.df}) ${friedman.chiSquared.toFixed(2)}, p ${pText(friedman.p)}`;
  const rough =
    n <= enough.dataSets || Object.keys(meanRanks).length <= enough.variants
      ? ` (an approximation, rough for up to ${enough.dataSets} data sets or ${enough.variants} variants)`
      : '';
  return `Against equal ranks: ${test}${rough}`;
}

function differenceClause({ criticalDifference }: Ranking): string {
  return `Mean ranks that differ by less than ${rankText(criticalDifference)} may differ by chance (Nemenyi)`;
}

function baselineClause(report: Labelled & Pick<ReportDocument, 'baseline'>, ranking: Ranking) {
  const ps = ranking.againstBaseline.map(
    ({ challenger, pHolm }) => `${labelOf(report, challenger)} p ${pText(pHolm)}`,
  );
  return `Mean ranks against ${labelOf(report, report.baseline)}, adjusted by Holm's method: ${ps.join(', ')}`;
}

/** Means and ranks by data set, and the mean ranks below. */
export function dataSetsTable(report: ReportDocument, { sets, ranking }: ReportDataSets): Table {
  const { factor, metric, values } = effectUnit(report.decision.metric);
  const all = sets.flatMap(({ means }) => Object.values(means).map((mean) => mean * factor));
  const format = formatterFor((Math.max(...all) - Math.min(...all)) / 30, all);
  interface Row {
    readonly name: string;
    readonly seeds: number | string;
    readonly cell: (variant: string) => string;
  }
  const rows = sets.map(({ name, seeds, means, ranks }): Row => {
    const cell = (variant: string) => {
      const [own, rank] = [means[variant], ranks[variant]];
      if (own === undefined) return '–';
      return `${format(own * factor)}${rank === undefined ? '' : ` (${rank})`}`;
    };
    return { name, seeds, cell };
  });
  if (ranking.computable) {
    const cell = (variant: string) => rankText(ranking.meanRanks[variant]!);
    rows.push({ name: 'mean rank', seeds: '', cell });
  }
  return tableOf(`Mean ${metric}${values} and rank by data set`, rows, [
    textColumn('Data set', ({ name }) => name),
    ...report.variants.map(({ name, label }) =>
      numberColumn<Row>(`${label}${values} (rank)`, ({ cell }) => cell(name)),
    ),
    numberColumn('Seeds', ({ seeds }) => seeds),
  ]);
}

/** The tests of each challenger against the baseline over the data sets; undefined without ranks. */
export function dataSetsTestsTable(
  report: ReportDocument,
  { ranking }: ReportDataSets,
): Table | undefined {
  if (!ranking.computable) return undefined;
  const several = ranking.againstBaseline.length > 1;
  type Row = Ranking['againstBaseline'][number];
  const baseline = labelOf(report, report.baseline);
  return tableOf(`Against ${baseline} over data sets`, ranking.againstBaseline, [
    textColumn<Row>('Challenger', ({ challenger }) => labelOf(report, challenger)),
    numberColumn<Row>('Won/tied/lost', ({ wins, ties, losses }) => `${wins}/${ties}/${losses}`),
    numberColumn<Row>('Δ rank', ({ difference }) => rankText(difference)),
    numberColumn<Row>('z', ({ z }) => z.toFixed(2)),
    numberColumn<Row>('p', ({ p }) => pText(p)),
    ...(several ? [numberColumn<Row>('Holm p', ({ pHolm }) => pText(pHolm))] : []),
    numberColumn<Row>('Wilcoxon p', ({ wilcoxon }) =>
      pText(wilcoxon.computable ? wilcoxon.p : null),
    ),
    ...(several
      ? [numberColumn<Row>('Wilcoxon Holm p', ({ wilcoxonHolm }) => pText(wilcoxonHolm))]
      : []),
    textColumn<Row>('Bayesian: worse, equivalent, better', ({ bayesianSignedRank }) =>
      bayesianSignedRank.computable
        ? [bayesianSignedRank.worse, bayesianSignedRank.equivalent, bayesianSignedRank.better]
            .map(posteriorText)
            .join(', ')
        : '–',
    ),
  ]);
}

/** The tests of all variants at once; undefined without ranks. */
export function rankTestsTable({ ranking }: ReportDataSets): Table | undefined {
  if (!ranking.computable) return undefined;
  const { friedman, imanDavenport, criticalDifference } = ranking;
  const none = (because: string) => `not computable: ${because}`;
  const rows = [
    {
      name: 'Friedman',
      value: friedman.computable
        ? `χ²(${friedman.df}) ${friedman.chiSquared.toFixed(2)}`
        : none(friedman.because),
      p: friedman.computable ? pText(friedman.p) : '–',
      says: 'a small p: the variants do not all rank alike',
    },
    {
      name: 'Iman-Davenport',
      value: imanDavenport.computable
        ? `F(${imanDavenport.df1}, ${imanDavenport.df2}) ${imanDavenport.f.toFixed(2)}`
        : none(imanDavenport.because),
      p: imanDavenport.computable ? pText(imanDavenport.p) : '–',
      says: 'the same question, less conservative',
    },
    {
      name: 'Nemenyi critical difference',
      value: criticalDifference.toFixed(2),
      p: '',
      says: 'mean ranks closer than this may differ by chance',
    },
  ];
  return tableOf('Tests of all ranks', rows, [
    textColumn('Test', ({ name }) => name),
    textColumn('Value', ({ value }) => value),
    numberColumn('p', ({ p }) => p),
    textColumn('Says', ({ says }) => says),
  ]);
}

/** The variants, best mean rank first. */
export function inOrder({ meanRanks }: Ranking): string[] {
  return Object.keys(meanRanks).sort((a, b) => meanRanks[a]! - meanRanks[b]!);
}

function labelOf({ variants }: Labelled, name: string): string {
  return variants.find((variant) => variant.name === name)?.label ?? name;
}

export function rankText(rank: number): string {
  return rank.toFixed(2);
}
