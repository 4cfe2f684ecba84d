import { count, signed } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn, textTable } from '../text/table.js';
import type { TableOptions } from '../text/table.js';
import { cleanText } from '../text/text.js';
import { earlyText, rangeText } from './early-stops.js';
import type { EarlyStops } from './early-stops.js';
import type { RaceDocument } from './race-document.js';
import { raceSentence } from './race-table.js';
import type { PointRow, PointSample, PointTable } from './point-table.js';

export const pointTableSchemaVersion = 2;

/** The document `--json` prints: see {@link PointTable}. */
export function pointTableJson({ metric, ...table }: PointTable, runId: string, folder: string) {
  return {
    schemaVersion: pointTableSchemaVersion,
    run: { id: runId, folder },
    metric: metric.name,
    ...table,
  };
}

/** One variant at one point: the rows of CSV and Parquet. The baseline has no delta. */
export interface PointRecord {
  readonly row: PointRow;
  readonly variant: string;
  readonly own: PointSample;
  readonly delta: PointSample | undefined;
  readonly stops: EarlyStops | undefined;
}

export function pointRecords({ points }: Pick<PointTable, 'points'>): PointRecord[] {
  return points.flatMap((row) =>
    Object.entries(row.variants).map(([variant, own]) => {
      const { delta, earlyStopping } = row;
      return { row, variant, own, delta: delta[variant], stops: earlyStopping?.[variant] };
    }),
  );
}

/** Lines of a table with a row a point. */
export function renderPointTable(
  { metric, baseline, challengers, points, best, race, cells }: PointTable,
  options: TableOptions,
): string[] {
  const table = tableOf('points', points, [
    textColumn<PointRow>('', title),
    numberColumn<PointRow>('trials', (row) => `${row.completed}/${row.planned}`),
    numberColumn<PointRow>(baseline, ({ variants }) => decimal(variants[baseline]?.mean)),
    ...challengers.flatMap((name) => [
      numberColumn<PointRow>(name, ({ variants }) => decimal(variants[name]?.mean)),
      numberColumn<PointRow>(`${name} - ${baseline}`, ({ delta }) =>
        signed(decimal(delta[name]?.mean)),
      ),
      numberColumn<PointRow>('sd', ({ delta }) => decimal(delta[name]?.sd)),
      numberColumn<PointRow>('n', ({ delta }) => delta[name]?.n ?? 0),
    ]),
    ...(hasEarlyStops(points) ? [baseline, ...challengers].flatMap(stopColumns) : []),
    ...(race
      ? [
          textColumn<PointRow>('race', ({ dropped }) =>
            dropped ? `dropped after ${count(dropped.seeds, 'seed')}` : 'in',
          ),
        ]
      : []),
    textColumn<PointRow>('failures', failureText),
  ]);
  return [
    `${metric.name}: means, and challenger - baseline${hasEarlyStops(points) ? '; steps: median (range)' : ''}`,
    ...textTable(table, options),
    ...(race ? raceLines(race) : []),
    ...lead(),
  ];

  function raceLines(found: RaceDocument): string[] {
    const drops = found.drops.map(
      ({ point, seeds, because }) =>
        `dropped after ${seeds}: ${title(points[point]!)} (${because})`,
    );
    return [raceSentence(found, baseline), ...drops].map(cleanText);
  }

  function lead(): string[] {
    if (cells) {
      return [
        'The trials are cells of a square and share their draws: `lockstep report` says where their variance comes from.',
      ];
    }
    if (best) {
      const where = points.length > 1 ? ` at ${title(points[best.index]!)}` : '';
      return [cleanText(`Furthest ahead: ${best.challenger}${where}`)];
    }
    const measured = points.some(({ delta }) => Object.values(delta).some(({ n }) => n > 0));
    return measured ? [cleanText(`No variant is ahead of ${baseline}`)] : [];
  }
}

/** Whether variants ended their training under early stopping. */
export function hasEarlyStops(points: readonly PointRow[]): boolean {
  return points.some(({ earlyStopping }) => earlyStopping !== undefined);
}

function stopColumns(name: string) {
  return [
    numberColumn<PointRow>(`${name} stopped early`, ({ earlyStopping }) => {
      const stops = earlyStopping?.[name];
      const at = stops?.lastStep ? ` at ${rangeText(stops.lastStep)}` : '';
      return `${earlyText(stops)}${at}`;
    }),
    numberColumn<PointRow>(`${name} best step`, ({ earlyStopping }) =>
      rangeText(earlyStopping?.[name]?.bestStep),
    ),
  ];
}

function title({ label }: PointRow): string {
  return label === '' ? 'all trials' : label;
}

function failureText({ failures }: PointRow): string {
  return Object.entries(failures)
    .map(([state, trials]) => `${count(trials, 'trial')} ${state}`)
    .join(', ');
}

function decimal(value: number | null | undefined): string {
  return typeof value === 'number' ? value.toFixed(5) : '-';
}
