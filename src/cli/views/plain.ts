import { fromMetric } from '../../log/records.js';
import type {
  LogRecord,
  RecordedScores,
  TrialResumeRecord,
  TrialStartRecord,
} from '../../log/records.js';
import { metricNames, metricKind } from '../../metrics/registry.js';
import { count, formatNumber } from '../../text/numbers.js';
import type { NumberFormat } from '../../text/numbers.js';
import { cleanText, padEnd } from '../../text/text.js';
import { differenceFormat, scoreFormat } from './scores.js';

/** A view that only adds lines (without line ends) to a console. */
export interface LineView {
  /** Takes in a record of an earlier process, so that the view can show those that follow. */
  remember(record: LogRecord): void;
  add(record: LogRecord): readonly string[];
  /** Lines that waited for this trial: no process works on it any more, whatever its log says. */
  settle(trial: number): readonly string[];
  /** Trials that will not run; absent where lines do not say how many there are. */
  drop?(trials: readonly number[]): void;
}

/** The size of a run: lines name their seed and trial only where there are several. */
export interface PlannedTrials {
  readonly seeds: readonly number[];
  /** The seeds times the sweep's points. */
  readonly trials: number;
}

/** Cells of the first column, the subject of a line; fits `validation (10000)`. */
const subjectWidth = 19;
/** Milliseconds between two lines of a trial's steps in the sparse view, at least. */
const sparsePeriod = 5000;

/**
 * The modern view where there is no terminal: one aligned line a record, every variant's scores, and
 * for each challenger Δ, its difference from the baseline.
 * @param paint colours the differences
 */
export function createPlainView(
  planned: PlannedTrials,
  paint: (difference: string) => string = (text) => text,
): LineView {
  return recordView(plainLines(planned, paint));
}

/**
 * The plain view of trials that run at the same time, shortened to keep it readable: for each trial its
 * start, a step every five seconds, its evaluations and its end, with the number of trials that have ended.
 * @param earlier trials that had ended, or were dropped, before
 */
export function createSparseView(planned: PlannedTrials, earlier: readonly number[]): LineView {
  const plain = plainLines(planned);
  /** By trial, in milliseconds since the Unix epoch. */
  const shownAt = new Map<number, number>();
  const ended = new Set(earlier);
  const dropped = new Set<number>();
  const standing = () => {
    const finished = [...ended].filter((trial) => !dropped.has(trial)).length;
    return `${finished} of ${count(planned.trials - dropped.size, 'trial')}`;
  };
  const view = recordView((record) => {
    const { trial, time } = record;
    // The plain view needs every record, shown or not.
    const lines = plain(record);
    switch (record.event) {
      case 'trial.start':
      case 'trial.resume':
        ended.delete(trial);
        shownAt.set(trial, time);
        return lines.slice(0, 1);
      case 'step':
        if (time - (shownAt.get(trial) ?? 0) < sparsePeriod) return [];
        shownAt.set(trial, time);
        return lines;
      case 'checkpoint':
        return [];
      case 'evaluation':
      case 'variant.end':
      case 'variant.stop':
        return lines;
      case 'trial.end':
        ended.add(trial);
        shownAt.delete(trial);
        return lines.map((line) => `${line}; ${standing()}`);
    }
  });
  return {
    ...view,
    drop(trials) {
      for (const trial of trials) dropped.add(trial);
    },
  };
}

/** A view that shows each record for itself. */
function recordView(linesOf: (record: LogRecord) => readonly string[]): LineView {
  return { remember: (record) => void linesOf(record), add: linesOf, settle: () => [] };
}

function plainLines(
  planned: PlannedTrials,
  paint: (difference: string) => string = (text) => text,
): (record: LogRecord) => readonly string[] {
  const starts = new Map<number, TrialStartRecord>();
  const prefixOf = linePrefix(planned);
  return (record) => {
    if (record.event === 'trial.start') starts.set(record.trial, record);
    const prefix = prefixOf(record);
    return linesOf(record, starts.get(record.trial), paint).map((line) => prefix + line);
  };
}

function linePrefix({ seeds, trials }: PlannedTrials): (record: LogRecord) => string {
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
      return [scoresLine(subject, record.variants, start, paint)];
    }
    case 'evaluation':
      return [scoresLine(`${record.split} (${record.examples})`, record.variants, start, paint)];
    case 'variant.end': {
      const text = `${labelOf(record.variant, start)}, ${cleanText(record.reason)}`;
      return [padEnd(record.outcome, subjectWidth) + text];
    }
    case 'variant.stop': {
      const label = labelOf(record.variant, start);
      if (record.step === start?.steps) {
        const text = `${label}: used all ${count(record.step, 'step')}; it was best at step ${record.bestStep}`;
        return [padEnd('trained', subjectWidth) + text];
      }
      const text = `${label} at step ${record.step}: ${cleanText(record.reason)}`;
      return [padEnd('stopped', subjectWidth) + text];
    }
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
      cleanText(`${count(steps, 'step')} of ${count(batchSize, 'example')}, ${about}`),
    ...Object.entries(variants).map(
      ([name, { label, parameters }]) =>
        padEnd('variant', subjectWidth) +
        cleanText(
          `${label}, ${parameters === undefined ? 'a program' : count(parameters, 'parameter')}`,
        ) +
        (name === baseline ? ', the baseline' : ''),
    ),
  ];
}

function scoresLine(
  subject: string,
  variants: Readonly<Record<string, RecordedScores>>,
  start: TrialStartRecord | undefined,
  paint: (difference: string) => string,
): string {
  const baseline = start && variants[start.baseline];
  const cells = Object.entries(variants).map(([name, { scores }]) => {
    const names = metricNames.filter((metric) => metric in scores);
    const texts = (textOf: (metric: string) => string) =>
      names.map((metric) => `${metric}${textOf(metric)}`).join(' ');
    const own = (metric: string) => fromMetric(scores[metric]);
    const base = (metric: string) => fromMetric(baseline?.scores[metric]);
    const values = texts((metric) => spaced(own(metric), scoreFormat(metricKind(metric))));
    const line = `${labelOf(name, start)} ${values}`;
    if (!baseline || name === start.baseline) return line;
    const differences = texts((metric) => {
      const format = differenceFormat(metricKind(metric));
      return ` ${formatNumber(own(metric) - base(metric), format)}`;
    });
    return `${line}  ${paint(`Δ ${differences}`)}`;
  });
  return padEnd(subject, subjectWidth) + cells.join('   ');
}

function labelOf(name: string, start: TrialStartRecord | undefined): string {
  return cleanText(start?.variants[name]?.label ?? name);
}

/** A number in its width, of which the first cell stays free. */
function spaced(value: number, format: NumberFormat): string {
  return ` ${formatNumber(value, { ...format, width: format.width - 1 })}`;
}
