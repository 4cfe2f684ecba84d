import { ink } from './theme.js';

/** Steps along the x axis of a plot `width` pixels wide. */
export function stepAxis(width: number) {
  return {
    field: 'step',
    type: 'quantitative' as const,
    title: 'step',
    scale: { nice: false, zero: false },
    axis: { format: ',d', tickMinStep: 1, tickCount: Math.ceil(width / 90), grid: false },
  };
}

/** The line of no difference, across the plot of differences on the axis given. */
export function noDifference(axis: 'x' | 'y') {
  return {
    data: { values: [{ zero: 0 }] },
    mark: { type: 'rule' as const, stroke: ink, strokeDash: [4, 3], aria: false },
    encoding: { [axis]: { field: 'zero', type: 'quantitative' as const } },
  };
}
