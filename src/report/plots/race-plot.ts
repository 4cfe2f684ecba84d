import type { TopLevelSpec } from 'vega-lite';
import { effectUnit, formatterFor } from '../../statistics/format-effect.js';
import type { RaceDocument } from '../race-document.js';
import {
  ink,
  muted,
  plotConfig,
  quantityAxis,
  seriesColor,
  vegaLiteSchema,
  zone,
} from './theme.js';

export interface RacePlotOptions {
  readonly width: number;
  readonly height: number;
  /** Of the points. */
  readonly labels: readonly string[];
}

interface Mark {
  readonly point: string;
  readonly seeds: number;
  readonly gap: number;
  readonly color: string;
  readonly tip: string;
  readonly dropped: boolean;
}

/**
 * How far each point's mean is behind the leader's after every seed, the leader at 0 on top, and the bound
 * beyond which points are dropped; survivors in colour, the others end with a cross.
 */
export function racePlot(
  race: RaceDocument,
  { width, height, labels }: RacePlotOptions,
): TopLevelSpec {
  const { factor, differences } = effectUnit(race.metric);
  const bounds = race.looks.map(({ seeds, bound }) => ({ seeds, bound: bound * factor }));
  const values = marksOf(race, labels, factor);
  const x = {
    field: 'seeds',
    type: 'quantitative' as const,
    title: 'seeds',
    scale: { domain: [2, race.seeds], nice: false, zero: false },
    axis: { format: 'd', tickMinStep: 1, tickCount: Math.ceil(width / 90), grid: false },
  };
  const gap = quantityAxis('gap', `behind the leader${differences}`, true);
  const y = { ...gap, scale: { ...gap.scale, reverse: true } };
  const color = { field: 'color', type: 'nominal' as const, scale: null };
  return {
    $schema: vegaLiteSchema,
    width,
    height,
    data: { values },
    layer: [
      {
        data: { values: bounds },
        mark: { type: 'area', color: zone, line: false, aria: false },
        encoding: { x, y: { ...y, field: 'bound' }, y2: { datum: 0 } },
      },
      {
        data: { values: bounds },
        mark: { type: 'line', stroke: ink, strokeDash: [4, 3], aria: false },
        encoding: { x, y: { ...y, field: 'bound' } },
      },
      {
        mark: { type: 'line', strokeWidth: 1.8, aria: false },
        encoding: { x, y, color, detail: { field: 'point' } },
      },
      {
        transform: [{ filter: '!datum.dropped' }],
        mark: { type: 'point', filled: true, size: 40, opacity: 1 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
      {
        transform: [{ filter: 'datum.dropped' }],
        mark: { type: 'point', shape: 'cross', angle: 45, filled: true, size: 110, opacity: 1 },
        encoding: { x, y, color, description: { field: 'tip' } },
      },
    ],
    config: plotConfig,
  };
}

function marksOf(race: RaceDocument, labels: readonly string[], factor: number): Mark[] {
  const ahead = race.direction === 'higher' ? 1 : -1;
  const survivors = race.survivors.map(({ point }) => point);
  const standings = [...race.looks, ...lastStanding(race)];
  const largest = Math.max(...race.looks.map(({ bound }) => bound));
  return standings.flatMap(({ seeds, points, means, dropped }) => {
    const best = means.reduce((a, b) => (ahead * (b - a) > 0 ? b : a));
    const gaps = means.map((mean) => Math.abs(best - mean) * factor);
    const format = formatterFor((largest * factor) / 10, gaps);
    return points.map((point, at): Mark => {
      const place = survivors.indexOf(point);
      const isDropped = dropped.includes(point);
      const label = labels[point] ?? `point ${point}`;
      return {
        point: `${point}`,
        seeds,
        gap: gaps[at]!,
        color: place < 0 ? muted : seriesColor(place),
        tip: `${label}, ${seeds} seeds: ${format(gaps[at]!)} behind${isDropped ? ', dropped' : ''}`,
        dropped: isDropped,
      };
    });
  });
}

/** The survivors after the last seed, which is no look. */
function lastStanding({ over, seeds, survivors }: RaceDocument) {
  const finished = survivors.flatMap(({ point, mean }) => (mean === null ? [] : [{ point, mean }]));
  if (!over || finished.length === 0) return [];
  const dropped: readonly number[] = [];
  return [
    {
      seeds,
      points: finished.map(({ point }) => point),
      means: finished.map(({ mean }) => mean),
      dropped,
    },
  ];
}
