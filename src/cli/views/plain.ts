import { fromMetric } from '../../log/records.js';
import type {
  LogRecord,
  RecordedScores,
  TrialResumeRecord,
  TrialStartRecord,
} from '../../log/records.js';
import {
  accuracyDifferenceFormat,
  accuracyFormat,
  formatCount,
  formatNumber,
  lossDifferenceFormat,
  lossFormat,
} from '../../text/numbers.js';
import type { NumberFormat } from '../../text/numbers.js';
import { cleanText, padEnd } from '../../text/text.js';
import type { RunHeader } from '../../live/run-header.js';
import { recordView } from './line-view.js';
import type { LineView } from './line-view.js';

/** Cells of the column that says what a line is about; fits `validation (10000)`. */
const subjectWidth = 19;

/**
 * The modern view where there is no terminal: one aligned line a record, every variant's loss and
 * accuracy, and for each challenger Δ, its difference from the baseline. Lines name their seed when
 * the run has several, and their trial when it is a sweep.
 * @param paint colours the differences
 */
export function createPlainView(
  header: RunHeader,
  paint: (difference: string) => string = (text) => text,
): LineView {
  const starts = new Map<number, TrialStartRecord>();
  const prefixOf = linePrefix(header);
  return recordView((record) => {
    if (record.event === 'trial.start') starts.set(record.trial, record);
    const prefix = prefixOf(record);
    return linesOf(record, starts.get(record.trial), paint).map((line) => prefix + line);
  });
}

function linePrefix({ seeds, trials }: RunHeader): (record: LogRecord) => string {
  const seedWidth = Math.max(0, ...seeds.map((seed) => String(seed).length));
  const trialWidth = String(Math.max(0, trials - 1)).length;
  return ({ trial, seed }) => {
    const seedText = seeds.length > 1 ? `seed ${String(seed).padStart(seedWidth)}  ` : '';
    const sweeps = trials > seeds.length;
    return (sweeps ? `trial ${String(trial).padStart(trialWidth)}  ` : '') + seedText;
  };
}

function resumeText({ step, passedOver = [] }: TrialResumeRecord): string {
  const others = passedOver.map((checkpoint) => checkpoint.step).join(', ');
  return `after step ${step}${others && `, passing over unusable checkpoints of steps ${others}`}`;
}

function linesOf(
  record: LogRecord,
  start: TrialStartRecord | undefined,
  paint: (difference: string) => string,
): string[] {
  switch (record.event) {
    case 'trial.start':
      return startLines(record);
    case 'trial.resume':
      return [padEnd('resumed', subjectWidth) + resumeText(record)];
    case 'step': {
      const total = start?.steps;
      const step = String(record.step).padStart(String(total ?? record.step).length);
      const subject = `step ${step}${total === undefined ? '' : `/${total}`}`;
      return [metricsLine(subject, record.variants, start, paint)];
    }
    case 'evaluation':
      return [metricsLine(`${record.split} (${record.examples})`, record.variants, start, paint)];
    case 'variant.end':
      return [padEnd(record.outcome, subjectWidth) + cleanText(record.reason)];
    case 'checkpoint':
      return [padEnd('checkpoint', subjectWidth) + cleanText(record.path)];
    case 'trial.end': {
      const reason = record.reason === undefined ? '' : `: ${cleanText(record.reason)}`;
      return [padEnd(record.outcome, subjectWidth) + `after step ${record.step}${reason}`];
    }
  }
}

function startLines({ engine, steps, batchSize, variants, baseline }: TrialStartRecord): string[] {
  const about = `${engine.name} ${engine.version} on ${engine.device}`;
  return [
    padEnd('start', subjectWidth) +
      cleanText(`${formatCount(steps)} steps of ${batchSize} examples, ${about}`),
    ...Object.entries(variants).map(
      ([name, { label, parameters }]) =>
        padEnd('variant', subjectWidth) +
        cleanText(`${label}, ${formatCount(parameters)} parameters`) +
        (name === baseline ? ', the baseline' : ''),
    ),
  ];
}

type Metrics = Readonly<Record<string, RecordedScores>>;

function metricsLine(
  subject: string,
  variants: Metrics,
  start: TrialStartRecord | undefined,
  paint: (difference: string) => string,
): string {
  const baseline = start && variants[start.baseline];
  const cells = Object.entries(variants).map(([name, scored]) => {
    const label = cleanText(start?.variants[name]?.label ?? name);
    const [own, base] = [numbersOf(scored), baseline && numbersOf(baseline)];
    const values = `${label} loss${spaced(own.loss, lossFormat)} accuracy${spaced(own.accuracy, accuracyFormat)}`;
    if (!base || name === start?.baseline) return values;
    const lossText = formatNumber(own.loss - base.loss, lossDifferenceFormat);
    const accuracyText = formatNumber(own.accuracy - base.accuracy, accuracyDifferenceFormat);
    return `${values}  ${paint(`Δ loss ${lossText} accuracy ${accuracyText}`)}`;
  });
  return padEnd(subject, subjectWidth) + cells.join('   ');
}

function numbersOf({ scores }: RecordedScores) {
  return {
    loss: fromMetric(scores.loss ?? 'NaN'),
    accuracy: fromMetric(scores.accuracy ?? 'NaN'),
  };
}

/** A number in its width, of which the first cell stays free. */
function spaced(value: number, format: NumberFormat): string {
  return ` ${formatNumber(value, { ...format, width: format.width - 1 })}`;
}
