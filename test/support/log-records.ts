import type {
  EvaluationRecord,
  LogRecord,
  Metric,
  Outcome,
  RecordedScores,
  StepRecord,
  TrialStartRecord,
  VariantStopRecord,
} from '../../src/log/records.js';

/** What a made-up trial looks like; all keys have defaults. */
export interface TrialOptions {
  readonly trial?: number;
  readonly seed?: number;
  readonly steps?: number;
  /** Planned steps, where the trial stops before them. */
  readonly planned?: number;
  readonly variants?: TrialStartRecord['variants'];
  readonly baseline?: string;
  readonly loss?: (variant: number, step: number) => Metric;
  readonly accuracy?: (variant: number, step: number) => Metric;
  /** Test accuracies after the last step; empty: no evaluation. */
  readonly test?: readonly Metric[];
  /** The ends of variants' training under early stopping, by variant. */
  readonly stops?: Readonly<Record<string, Pick<VariantStopRecord, 'step' | 'bestStep'>>>;
  readonly outcome?: Outcome | undefined;
  readonly reason?: string;
  /** Milliseconds since the Unix epoch of the first record; a step takes 250. */
  readonly time?: number;
}

export const tutorialVariants: TrialStartRecord['variants'] = {
  relu: { label: 'ReLU', legend: 'Loss ReLU-CNN', parameters: 3_274_634 },
  snn: { label: 'SNN', parameters: 3_274_634 },
};

/** Losses like the tutorial's: both fall, the later variants faster. */
export function fallingLoss(variant: number, step: number): number {
  const wave = 1 + 0.15 * Math.sin(step * 1.7 + variant);
  return Math.fround(2.3 * Math.exp(-step / (22 - 8 * variant)) * wave + 0.2 - 0.1 * variant);
}

/** The log of a trial, as a pipeline would write it. */
export function trialRecords(options: TrialOptions = {}): LogRecord[] {
  const {
    trial = 0,
    seed = 1,
    steps = 3,
    planned = steps,
    variants = tutorialVariants,
    baseline = Object.keys(variants)[0] ?? '',
    loss = fallingLoss,
    accuracy = (variant, step) => (64 + ((variant * 11 + step * 5) % 64)) / 128,
    test = Object.keys(variants).map((_, index) => (440 + 29 * index) / 512),
    stops = {},
    outcome = 'completed',
    reason,
    time = 1_700_000_000_000,
  } = options;
  let seq = 0;
  const base = () => ({
    level: 30,
    time: time + 250 * seq,
    schemaVersion: 2 as const,
    runId: 'tutorial-20260101T000000Z-abcdef',
    trial,
    seed,
    seq: (seq += 1),
  });
  const names = Object.keys(variants);
  const records: LogRecord[] = [
    {
      ...base(),
      event: 'trial.start',
      engine: {
        name: 'wasm',
        version: '4.22.0',
        device: 'cpu',
        details: { simd: true, threads: 1 },
        environment: {},
      },
      configHash: 'c0ffee',
      steps: planned,
      batchSize: 128,
      baseline,
      streams: { data: 11, init: 12, dropout: 13 },
      variants,
    },
  ];
  for (let step = 1; step <= steps; step += 1) {
    const measured: StepRecord['variants'] = Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          ...scored(loss(index, step), accuracy(index, step), 128),
          inputDigest: '0123456789abcdef',
          indicesDigest: 'fedcba9876543210',
          trainMs: 100 + index,
          evalMs: 40 + index,
        },
      ]),
    );
    const batch = { indicesDigest: 'fedcba9876543210', targetsDigest: '0011223344556677' };
    records.push({ ...base(), event: 'step', step, epoch: 0, batch, variants: measured });
  }
  if (test.length > 0 && steps > 0) {
    const scores: EvaluationRecord['variants'] = Object.fromEntries(
      names.map((name, index) => [name, scored(0.5 / (index + 1), test[index] ?? 0, 512)]),
    );
    const place = { step: steps, split: 'test' as const, examples: 512 };
    records.push({ ...base(), event: 'evaluation', ...place, variants: scores });
  }
  const diverged = names.filter((_, index) => !Number.isFinite(Number(loss(index, steps))));
  if (outcome === 'diverged') {
    for (const variant of diverged) {
      const why = { outcome, reason: `step ${steps}: the loss of variant ${variant} became NaN` };
      records.push({ ...base(), level: 40, event: 'variant.end', step: steps, variant, ...why });
    }
  }
  for (const [variant, stop] of Object.entries(stops)) {
    const why = { best: 0.5, reason: 'it got no better' };
    records.push({ ...base(), event: 'variant.stop', variant, ...stop, ...why });
  }
  const path = `checkpoints/step-${String(steps).padStart(6, '0')}`;
  records.push({ ...base(), event: 'checkpoint', step: steps, path });
  records.push({
    ...base(),
    event: 'trial.end',
    outcome,
    step: steps,
    ...(reason !== undefined && { reason }),
  });
  return records;
}

/** Scores, with the count behind an accuracy that is a whole number of examples. */
export function scored(loss: Metric, accuracy: Metric, examples: number): RecordedScores {
  const correct = Number(accuracy) * examples;
  const scores = { loss, accuracy };
  return Number.isInteger(correct) ? { scores, counts: { correct } } : { scores };
}

/**
 * The log of a trial that crashed after step `crash` and went on from the checkpoint of step
 * `checkpoint`, at other times and speeds.
 */
export function resumedRecords(
  options: TrialOptions,
  { checkpoint, crash }: { readonly checkpoint: number; readonly crash: number },
): LogRecord[] {
  const stepOf = (record: LogRecord) => ('step' in record ? record.step : 0);
  const first = trialRecords(options).filter(
    (record) => record.event === 'trial.start' || (record.event === 'step' && record.step <= crash),
  );
  const second = trialRecords({ ...options, time: 1_800_000_000_000 }).filter(
    (record) => record.event !== 'trial.start' && stepOf(record) > checkpoint,
  );
  const resume = { ...second[0]!, event: 'trial.resume', step: checkpoint } as LogRecord;
  const slower = second.map((record) =>
    record.event === 'step' ? { ...record, variants: slowed(record.variants) } : record,
  );
  return [...first, resume, ...slower].map((record, index) => ({ ...record, seq: index + 1 }));
}

function slowed(variants: StepRecord['variants']): StepRecord['variants'] {
  return Object.fromEntries(
    Object.entries(variants).map(([name, variant]) => [name, { ...variant, trainMs: 999 }]),
  );
}
