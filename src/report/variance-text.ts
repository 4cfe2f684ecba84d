import { effectUnit, formatLevel, formatP, formatterFor } from '../statistics/format-effect.js';
import type { BySource, Source } from '../statistics/decompose-streams.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { Table, TableOptions } from '../text/table.js';
import { cleanText, sentenceCase } from '../text/text.js';
import type { ReportDocument } from './report-schema.js';

type Variance = NonNullable<ReportDocument['variance']>;
type Quantity = Variance['quantities'][number];

const and = new Intl.ListFormat('en');

/** What a source is called in a sentence. */
export function sourceName(source: Source, { augments }: Pick<Variance, 'augments'>): string {
  if (source === 'data') return augments ? 'data order and augmentation' : 'data order';
  if (source === 'init') return 'initial weights';
  return source === 'dropout' ? 'dropped units' : 'rest';
}

/** `45% data order, 12% initial weights, …`, and which of them dominates, if any does. */
function quantitySentence(variance: Variance, { label, decomposition }: Quantity): string {
  const what = `${label}, ${effectUnit(variance.metric).metric}`;
  if (!decomposition.computable) return `${what}: not decomposed, as ${decomposition.because}.`;
  const { streams, rest, dominant } = decomposition;
  const parts = [...streams.map(({ stream, share }) => ({ source: stream, share })), restOf(rest)];
  const shares = parts.map(
    ({ source, share }) => `${percent(share)} ${sourceName(source, variance)}`,
  );
  return `${what}: of the variance, ${and.format(shares)}; ${dominanceClause(variance, streams, dominant)}.`;
}

function restOf({ share }: { readonly share: number }): { source: Source; share: number } {
  return { source: 'rest', share };
}

type Effects = Extract<Quantity['decomposition'], { computable: true }>['streams'];

function dominanceClause(variance: Variance, effects: Effects, dominant: Source | null): string {
  if (dominant === null) return 'no source dominates: the intervals allow other orders';
  const level = formatLevel(effects[0]!.ratio.level);
  if (dominant === 'rest') {
    return `what no stream explains alone dominates: each stream varies less (${level} intervals)`;
  }
  const { low, high } = effects.find(({ stream }) => stream === dominant)!.ratio;
  return `the ${sourceName(dominant, variance)} dominates: ${ratioText({ low, high })} times the variance of the rest, and more than every other stream (${level} intervals)`;
}

/** What the run says, a sentence for each difference or, without challengers, for each variant. */
export function varianceSentences(variance: Variance): string[] {
  const differences = variance.quantities.filter(({ isDifference }) => isDifference);
  const shown = differences.length > 0 ? differences : variance.quantities;
  return shown.map((quantity) => quantitySentence(variance, quantity));
}

/** What a reader must know of such a run. */
export function varianceNotes({ levels, streams, missing }: Variance): string[] {
  const dropped = streams.includes('dropout');
  return [
    `The trials are the ${levels} x ${levels} cells of a ${dropped ? 'Latin square' : 'two-way layout'} of ${levels} seeds of each stream. Cells share streams, so they are no independent pairs, and there is no verdict.`,
    ...(dropped ? [] : ['No variant drops units, so there is no dropout stream to decompose.']),
    ...missing
      .slice(0, 10)
      .map(({ trial, streams: { data, init, dropout }, because, variants }) => {
        return `Missing: ${variants.join(', ')} in trial ${trial} (data ${data}, init ${init}, dropout ${dropout}): ${because}.`;
      }),
  ];
}

interface Row {
  readonly quantity: string;
  readonly source: Source;
  readonly sd: string;
  readonly share: number;
  readonly f: string;
  readonly p: string;
  readonly ratio: string;
}

/** The shares of each variant and each difference, with the exact intervals. */
export function sharesTable(variance: Variance): Table {
  const { factor, metric, differences } = effectUnit(variance.metric);
  const rows = variance.quantities.flatMap(({ label, decomposition }): Row[] => {
    if (!decomposition.computable) return [];
    const { streams, rest } = decomposition;
    const sdOf = (component: number) => factor * Math.sqrt(Math.max(0, component));
    const sds = [...streams, rest].map(({ component }) => sdOf(component));
    const format = formatterFor(Math.max(...sds) / 10, sds);
    return [
      ...streams.map(({ stream, component, share, f, p, ratio }) => ({
        ...{ quantity: label, source: stream, sd: format(sdOf(component)), share },
        ...{ f: f.toPrecision(3), p: formatP(p), ratio: ratioText(ratio) },
      })),
      {
        ...{ quantity: label, source: 'rest', sd: format(sdOf(rest.component)) },
        ...{ share: rest.share, f: '', p: '', ratio: '1' },
      },
    ];
  });
  return tableOf(`Where the variance of ${metric} comes from`, rows, [
    textColumn('', ({ quantity }) => quantity),
    textColumn('Source', ({ source }) => sourceName(source, variance)),
    numberColumn('Share', ({ share }) => percent(share)),
    numberColumn(`SD${differences}`, ({ sd }) => sd),
    numberColumn('Variance / rest, interval', ({ ratio }) => ratio),
    numberColumn('F', ({ f }) => f),
    numberColumn('p', ({ p }) => p),
  ]);
}

/** What pairing bought, a row for each source. */
export function pairingTable(variance: Variance): Table {
  const columns = variance.pairing.flatMap(({ label, result }) =>
    result.computable ? [{ label, saves: { ...result.saves, total: result.total } }] : [],
  );
  const all = [...variance.streams, 'rest', 'total'] as const;
  const ofSource = (saves: BySource & { readonly total: number }, source: (typeof all)[number]) =>
    percent(saves[source] ?? 0);
  return tableOf(
    'What pairing bought: share of the two variances that the same draws remove',
    columns.length === 0 ? [] : all,
    [
      textColumn('Source', (source) =>
        source === 'total' ? 'together' : sourceName(source, variance),
      ),
      ...columns.map(({ label, saves }) =>
        numberColumn<(typeof all)[number]>(label, (source) => ofSource(saves, source)),
      ),
    ],
  );
}

/** Both tables, those that have rows. */
export function varianceTables(variance: Variance): Table[] {
  return [sharesTable(variance), pairingTable(variance)].filter(({ rows }) => rows.length > 0);
}

/** What people see of it in a terminal. */
export function varianceLines(variance: Variance, options: TableOptions): string[] {
  const sentences = varianceSentences(variance).map((line) => cleanText(sentenceCase(line)));
  return [...sentences, ...varianceTableLines(variance, options)];
}

/** The notes and the tables. */
export function varianceTableLines(variance: Variance, options: TableOptions): string[] {
  return [
    ...varianceNotes(variance).map((line) => cleanText(line)),
    ...varianceTables(variance).flatMap((table) => [
      '',
      options.dim(table.caption),
      ...textTable(table, options),
    ]),
  ];
}

/** The whole in a sentence. */
export function varianceHeadline(variance: Variance): ReportDocument['headline'] {
  const sentences = varianceSentences(variance);
  const [only] = sentences;
  const sentence =
    sentences.length === 1 && only !== undefined
      ? only
      : `The variance of ${sentences.length} quantities is decomposed over the random streams.`;
  return {
    decision: 'none',
    sentence: sentenceCase(sentence),
    provisional: variance.missing.length > 0,
  };
}

/** For a paper. */
export function varianceParagraph(variance: Variance, alpha: number): string {
  const { levels, streams, pairing, metric } = variance;
  const named = streams.map((stream) => `the ${sourceName(stream, variance)}`);
  const layout = streams.length === 3 ? 'a Latin square' : 'a two-way layout';
  const saved = pairing.flatMap(({ label, result }) =>
    result.computable
      ? [`The same draws remove ${percent(result.total)} of the sum of the variances of ${label}.`]
      : [],
  );
  return [
    `We trained ${levels * levels} trials in ${layout} that crosses ${levels} seeds each of ${and.format(named)}, and decomposed the variance of ${effectUnit(metric).metric} by an analysis of variance with random effects (Searle, Casella and McCulloch 1992).`,
    ...varianceSentences(variance).map(sentenceCase),
    ...saved,
    `Intervals are the exact ${formatLevel(1 - alpha)} intervals of the ratio of a stream's variance to that of the rest, which assume normal effects that add up; interactions of streams count as rest. The cells share streams, so no test compares the variants.`,
  ].join(' ');
}

function percent(share: number): string {
  const text = (100 * share).toFixed(Math.abs(share) < 0.0995 ? 1 : 0);
  return `${Number(text) === 0 ? '0' : text}%`;
}

function ratioText({ low, high }: { readonly low: number; readonly high: number }): string {
  const text = (end: number) => (end >= 100 ? end.toFixed(0) : String(Number(end.toPrecision(2))));
  return `${text(low)} to ${text(high)}`;
}
