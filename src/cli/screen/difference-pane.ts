import type { Colors } from '../views/lines.js';
import type { Segment } from '../views/segments.js';
import { cleanText } from '../../text/text.js';
import { effectUnit, formatLevel, formatterFor } from '../../statistics/format-effect.js';
import { pairedDifferences } from '../../live/differences.js';
import type { ScreenDifference } from '../../live/differences.js';
import type { ScreenMetric, ScreenState, ScreenTrial } from '../../live/screen-state.js';

/** Most challengers that have a line. */
const most = 3;

/**
 * What the variants differ by over the seeds so far: a line that says what is compared, and one for
 * each challenger.
 */
export function differencePane(
  state: ScreenState,
  trial: ScreenTrial,
  metric: ScreenMetric,
  colors: Colors,
): Segment[][] {
  const differences = pairedDifferences(state, trial.point, metric).slice(0, most);
  const at = differences.find((difference) => difference.at !== undefined)?.at;
  const where =
    at === undefined ? 'seeds' : at === 'end' ? 'completed seeds' : `seeds at step ${at.step}`;
  return [
    [{ text: `mean difference of ${metric.name} over ${where}`, paint: colors.dim }],
    ...differences.map((difference) => differenceLine(state, difference, metric, colors)),
  ];
}

function differenceLine(
  { variants, baseline }: ScreenState,
  { challenger, seeds, planned, mean, interval }: ScreenDifference,
  metric: ScreenMetric,
  colors: Colors,
): Segment[] {
  const label = (name: string) =>
    cleanText(variants.find((variant) => variant.name === name)?.label ?? name);
  const title = { text: `${label(challenger)} - ${label(baseline)}  `, paint: colors.bold };
  const counted = { text: `  ${seeds} of ${planned} seeds`, paint: colors.dim };
  if (seeds === 0) return [title, { text: '–' }, counted];
  const { factor } = effectUnit(metric.name);
  const unit = factor === 100 ? ' points' : '';
  const signed = (text: string) => (Number(text) > 0 ? `+${text}` : text);
  if (!interval.computable) {
    const format = formatterFor(0, [factor * mean]);
    return [
      title,
      { text: signed(format(factor * mean)) + unit },
      counted,
      { text: `  no interval: ${interval.because}`, paint: colors.dim },
    ];
  }
  const { low, high, level } = interval.interval;
  const scaled = [low, mean, high].map((value) => factor * value);
  const format = formatterFor((factor * (high - low)) / 2, [factor * mean]);
  const [lowText, meanText, highText] = scaled.map((value) => signed(format(value)));
  const gain = metric.score === 'loss' ? [-high, -low] : [low, high];
  const paint = gain[0]! > 0 ? colors.green : gain[1]! < 0 ? colors.yellow : undefined;
  return [
    title,
    { text: meanText! + unit, paint },
    { text: `  ${formatLevel(level)} CI [${lowText!}, ${highText!}]`, paint },
    counted,
  ];
}
