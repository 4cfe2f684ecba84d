import { effectUnit, formatterFor } from '../statistics/format-effect.js';
import { count, formatCount } from '../text/numbers.js';
import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import type { RaceDocument } from './race-document.js';

/** What raced, such as `test accuracy of snn` or `difference of test accuracy, snn - relu`. */
export function racerText(
  { of, metric }: Pick<RaceDocument, 'of' | 'metric'>,
  baseline: string,
): string {
  const words = effectUnit(metric).metric;
  return 'variant' in of
    ? `${words} of ${of.variant}`
    : `difference of ${words}, ${of.challenger} - ${baseline}`;
}

/** How far the race is: `Race by test accuracy of snn: 12 of 20 points dropped, 8 left; 84 of 200 trials run`. */
export function raceSentence(race: RaceDocument, baseline: string): string {
  const { drops, survivors, trials, over } = race;
  const points = count(drops.length + survivors.length, 'point');
  const cost = `${formatCount(trials.run)} of ${count(trials.most, 'trial')} run`;
  const left = over ? `${survivors.length} left` : `${survivors.length} racing`;
  return `Race by ${racerText(race, baseline)}: ${drops.length} of ${points} dropped, ${left}; ${cost}`;
}

/**
 * Every point of a race: the survivors, the best first, then the others, the last that was dropped first.
 * @param labels of the points
 */
export function raceTable(race: RaceDocument, labels: readonly string[]): Table {
  const { metric, direction, survivors, drops, looks, over } = race;
  const { factor, values: unit } = effectUnit(metric);
  const ahead = direction === 'higher' ? 1 : -1;
  const ranked = [...survivors].sort((a, b) => ahead * ((b.mean ?? 0) - (a.mean ?? 0)));
  const rows = [
    ...ranked.map(({ point, seeds, mean }) => {
      return { point, seeds, mean, because: over ? 'survived' : 'racing' };
    }),
    ...drops.toReversed().map(({ point, seeds, because }) => {
      const last = looks.findLast(({ points }) => points.includes(point));
      return { point, seeds, mean: last?.means[last.points.indexOf(point)] ?? null, because };
    }),
  ];
  const shown = rows.flatMap(({ mean }) => (mean === null ? [] : [mean * factor]));
  const bound = (looks.at(-1)?.bound ?? 0) * factor;
  const format = formatterFor(bound / 10, shown);
  type Row = (typeof rows)[number];
  return tableOf('The race, point by point', rows, [
    textColumn<Row>('Point', ({ point }) => labels[point] ?? ''),
    numberColumn<Row>('Seeds', ({ seeds }) => `${seeds} of ${race.seeds}`),
    numberColumn<Row>(`Mean${unit}`, ({ mean }) => (mean === null ? '–' : format(mean * factor))),
    textColumn<Row>('Outcome', ({ because }) =>
      because === 'survived' || because === 'racing' ? because : `dropped: ${because}`,
    ),
  ]);
}
