import { readLogLines } from '../log/read.js';
import type { LogLine } from '../log/read.js';
import { recordSchema } from '../log/record-schema.js';
import { fromMetric } from '../log/records.js';
import type {
  LogRecord,
  RecordedScores,
  StepRecord,
  TrialEndRecord,
  VariantEndRecord,
  VariantStopRecord,
} from '../log/records.js';
import { isProgram } from '../model/variant.js';
import { scheduledRate } from '../trial/plan.js';
import { createEarlyStopping } from '../trial/early-stopping.js';
import { checkStart } from './check-start.js';
import { describeRecord, expectedRecords } from './expected-records.js';
import type { Place, TrialAudit } from './findings.js';

/** What the rest of an audit needs of a log. */
export interface CheckedLog {
  /** All records but steps, of which only the last: what a result is drawn from. */
  readonly records: readonly LogRecord[];
  readonly lastStep: number;
  readonly end: TrialEndRecord | undefined;
}

/**
 * Holds every line of a trial's log against its schema, the manifest and the recomputed minibatches.
 * Reads the log once and keeps none of its steps.
 */
export async function checkLog(audit: TrialAudit): Promise<CheckedLog> {
  const reader = createReader(audit);
  for await (const line of readLogLines(audit.files.log)) reader.read(line);
  return reader.finish();
}

function createReader(audit: TrialAudit) {
  const { findings, at, manifest, trial, config } = audit;
  const { earlyStopping: settings } = config.training;
  const earlyStopping = settings && createEarlyStopping(settings);
  const stopped = new Set<string>();
  const expected = expectedRecords(config, () => settings !== undefined && training().length === 0);
  const records: LogRecord[] = [];
  let inOrder = true;
  let lastSeq = 0;
  let lastStep: StepRecord | undefined;
  let end: TrialEndRecord | undefined;
  /** What was scored last, of each variant, since the last step. */
  let scored: Readonly<Record<string, RecordedScores>> = {};
  const dropped = new Set<string>();

  function training(): string[] {
    return Object.keys(config.variants).filter((name) => !dropped.has(name) && !stopped.has(name));
  }

  function checkCommon(place: Place, record: LogRecord): void {
    findings.same(place, 'seq', lastSeq + 1, record.seq);
    lastSeq = record.seq;
    findings.same(place, 'runId', manifest.runId, record.runId);
    findings.same(place, 'trial', trial.index, record.trial);
    findings.same(place, 'seed', trial.seed, record.seed);
    const warns =
      record.event === 'variant.end' ||
      (record.event === 'trial.end' && record.outcome !== 'completed');
    findings.same(place, 'level', warns ? 40 : 30, record.level);
  }

  /** Once the order is lost, what comes later would only repeat that. */
  function checkOrder(place: Place, record: LogRecord): void {
    if (!inOrder) return;
    if (end !== undefined) {
      findings.differ(place, 'record', 'the end of the log after trial.end', record.event);
      inOrder = false;
    } else if (record.event === 'trial.resume') {
      inOrder = findings.same(place, 'trial.resume step', lastStep?.step ?? 0, record.step);
    } else if (record.event === 'variant.end' || record.event === 'variant.stop') {
      inOrder = findings.same(place, `${record.event} step`, lastStep?.step ?? 0, record.step);
    } else if (record.event === 'trial.end' && record.outcome !== 'completed') {
      inOrder = findings.same(place, 'trial.end step', lastStep?.step ?? 0, record.step);
    } else {
      const next = expected.next().value;
      const due = next === undefined ? 'the end of the log' : describeRecord(next);
      inOrder = findings.same(place, 'record', due, describeRecord(record));
    }
  }

  function checkStep(place: Place, step: StepRecord): void {
    const of = ` of step ${step.step}`;
    checkMissingStops(place, step.step - 1);
    findings.same(place, `variants${of}`, training(), Object.keys(step.variants));
    const recomputed = audit.data?.minibatch(step.step);
    const indicesDigest = recomputed?.indicesDigest ?? step.batch.indicesDigest;
    if (recomputed !== undefined) {
      findings.count('minibatches recomputed');
      findings.same(place, `epoch${of}`, recomputed.epoch, step.epoch);
      findings.same(place, `batch.indicesDigest${of}`, indicesDigest, step.batch.indicesDigest);
      const { targetsDigest } = recomputed;
      const someTell = audit.plan.variants.some((variant) => !isProgram(variant));
      if (step.batch.targetsDigest !== undefined || someTell) {
        findings.same(place, `batch.targetsDigest${of}`, targetsDigest, step.batch.targetsDigest);
      }
    }
    for (const [name, variant] of Object.entries(step.variants)) {
      const key = (field: string) => `variants.${name}.${field}${of}`;
      const spec = audit.plan.variants.find((one) => one.name === name);
      if (spec?.program?.feed === 'none') {
        findings.note(
          `variant ${name} reads its own data: its minibatches are not proven the same`,
        );
      } else {
        findings.same(place, key('indicesDigest'), indicesDigest, variant.indicesDigest);
      }
      const learningRate = scheduledRate(audit.plan, name, step.step);
      findings.same(place, key('learningRate'), learningRate, variant.learningRate);
      if (spec?.program !== undefined) {
        findings.note(`variant ${name} is a program: what it made of its inputs is not recomputed`);
        continue;
      }
      if (recomputed === undefined) continue;
      findings.count('input digests recomputed');
      const inputDigest = recomputed.inputDigests[name];
      findings.same(place, key('inputDigest'), inputDigest, variant.inputDigest);
    }
  }

  function checkEnd(place: Place, record: TrialEndRecord): void {
    const lost = Object.keys(scored).filter(hasDiverged);
    findings.same(place, 'variants without a variant.end', [], lost);
    if (dropped.size > 0 && record.outcome === 'completed') {
      findings.differ(place, 'outcome', 'diverged, as a variant did', record.outcome);
    }
    if (dropped.size === 0 && record.outcome === 'diverged') {
      findings.differ(place, 'outcome', 'a variant.end before it', record.outcome);
    }
  }

  function checkVariantEnd(place: Place, { variant }: VariantEndRecord): void {
    if (!hasDiverged(variant)) {
      const due = `a loss of ${variant} that is not finite`;
      findings.differ(place, 'variant.end', due, scored[variant]?.scores.loss);
    }
    dropped.add(variant);
  }

  /** Holds the end of a variant's training against the evaluations before it. */
  function checkVariantStop(place: Place, record: VariantStopRecord): void {
    const { variant, step, bestStep, best, reason } = record;
    const due =
      earlyStopping?.bestStep(variant) === undefined || stopped.has(variant)
        ? undefined
        : earlyStopping.stop(variant, step);
    const isDue = earlyStopping?.isOver(variant) === true || step === config.training.steps;
    const got = { event: record.event, step, variant, bestStep, best, reason };
    findings.same(place, 'variant.stop', isDue ? due : undefined, got);
    stopped.add(variant);
  }

  /** Before a step, that no variant goes on whose patience was at an end. */
  function checkMissingStops(place: Place, step: number): void {
    const lost = training().filter((name) => earlyStopping?.isOver(name) === true);
    findings.same(place, `variants without a variant.stop at step ${step}`, [], lost);
  }

  function hasDiverged(variant: string): boolean {
    const loss = scored[variant]?.scores.loss;
    return !dropped.has(variant) && loss !== undefined && !Number.isFinite(fromMetric(loss));
  }

  function checkRecord(place: Place, record: LogRecord): void {
    checkCommon(place, record);
    checkOrder(place, record);
    findings.count('log records');
    switch (record.event) {
      case 'trial.start':
        checkStart(place, record, audit);
        break;
      case 'step':
        checkStep(place, record);
        lastStep = record;
        scored = record.variants;
        return;
      case 'evaluation': {
        const due = examplesOf(audit, record.split);
        if (due !== undefined) findings.same(place, 'examples', due, record.examples);
        scored = record.variants;
        earlyStopping?.add(record);
        break;
      }
      case 'variant.stop':
        checkVariantStop(place, record);
        break;
      case 'variant.end':
        checkVariantEnd(place, record);
        break;
      case 'trial.end':
        checkEnd(place, record);
        end = record;
        break;
      case 'trial.resume':
      case 'checkpoint':
        break;
    }
    records.push(record);
  }

  return {
    read({ text, number, whole, value: record }: LogLine) {
      if (!whole) {
        findings.note(
          `${at('log.ndjson').file}: its last line, ${number}, is torn and not counted`,
        );
        return;
      }
      const seq = member(record, 'seq');
      const place = at('log.ndjson', number, typeof seq === 'number' ? seq : undefined);
      const checked = recordSchema.safeParse(record);
      if (checked.success) {
        checkRecord(place, checked.data);
      } else {
        const { path, message } = checked.error.issues[0]!;
        const got = path.reduce<unknown>(member, record);
        const due = `what docs/log-schema.md says (${message})`;
        findings.differ(place, ['record', ...path].join('.'), due, got ?? text);
        lastSeq += 1;
        inOrder = false;
      }
    },
    finish(): CheckedLog {
      const kept = lastStep === undefined ? records : [...records, lastStep];
      return { records: kept, lastStep: lastStep?.step ?? 0, end };
    },
  };
}

function member(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
}

/** Undefined where `all` cannot be resolved, or the split is none of the configured ones. */
function examplesOf({ config, data }: TrialAudit, split: string): number | undefined {
  const configured = config.evaluation.splits.find((evaluated) => evaluated.split === split);
  if (configured === undefined) return undefined;
  const { examples } = configured;
  return examples === 'all' ? data?.splits[configured.split].count : examples;
}
