import type { Colors } from '../views/lines.js';
import type { Segment } from '../views/lines.js';
import { cleanText } from '../../text/text.js';
import { formatLevel, formatterFor } from '../../statistics/format-effect.js';
import { differencesSoFar } from '../../live/differences.js';
import type { DifferenceSoFar } from '../../live/differences.js';
import { count } from '../../text/numbers.js';
import { metricKind } from '../../metrics/registry.js';
import { gainPaint } from '../views/scores.js';
import type { Measure, RunState, TrialState } from '../../live/state.js';

/** Most challengers that have a line. */
const most = 3;

/** The mean differences over the seeds so far: a heading, and a line for each challenger. */
export function differencePane(
  state: RunState,
  trial: TrialState,
  measure: Measure,
  colors: Colors,
): Segment[][] {
  const differences = differencesSoFar(state, trial.point, measure).slice(0, most);
  const at = differences.find((difference) => difference.at !== undefined)?.at;
  const where =
    at === undefined ? 'seeds' : at === 'end' ? 'completed seeds' : `seeds at step ${at.step}`;
  return [
    [
      {
        text: `mean difference of ${measure.place} ${measure.metric} over ${where}`,
        paint: colors.dim,
      },
    ],
    ...differences.map((difference) => differenceLine(state, difference, measure, colors)),
  ];
}

function differenceLine(
  { variants, baseline }: RunState,
  { challenger, seeds, planned, diverged, mean, interval }: DifferenceSoFar,
  measure: Measure,
  colors: Colors,
): Segment[] {
  const label = (name: string) =>
    cleanText(variants.find((variant) => variant.name === name)?.label ?? name);
  const title = { text: `${label(challenger)} - ${label(baseline)}  `, paint: colors.bold };
  const counted = [
    { text: `  ${seeds} of ${count(planned, 'seed')}`, paint: colors.dim },
    { text: diverged > 0 ? `, ${diverged} diverged` : '', paint: colors.red },
  ];
  if (seeds === 0) return [title, { text: '–' }, ...counted];
  const kind = metricKind(measure.metric);
  const [factor, unit] = kind.unit === 'fraction' ? [100, ' points'] : [1, ''];
  const signed = (text: string) => (Number(text) > 0 ? `+${text}` : text);
  if (!interval.computable) {
    const format = formatterFor(0, [factor * mean]);
    return [
      title,
      { text: signed(format(factor * mean)) + unit },
      ...counted,
      { text: `  no interval: ${interval.because}`, paint: colors.dim },
    ];
  }
  const { low, high, level } = interval.interval;
  const scaled = [low, mean, high].map((value) => factor * value);
  const format = formatterFor((factor * (high - low)) / 2, [factor * mean]);
  const [lowText, meanText, highText] = scaled.map((value) => signed(format(value)));
  const paint = low > 0 || high < 0 ? gainPaint(kind, mean, colors) : undefined;
  return [
    title,
    { text: meanText! + unit, paint },
    { text: `  ${formatLevel(level)} CI [${lowText!}, ${highText!}]`, paint },
    ...counted,
  ];
}
