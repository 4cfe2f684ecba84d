import { readBytes } from '../files/read.js';
import { decodePredictions, encodePredictions } from '../predictions/predictions-file.js';
import type { TrialPredictions } from '../predictions/predictions-file.js';
import { LockstepError } from '../protocol/index.js';
import type { CheckedLog } from './check-log.js';
import type { TrialAudit } from './findings.js';

/** Holds a trial's predictions against the labels and the accuracies that the log has of them. */
export async function checkPredictions(audit: TrialAudit, log: CheckedLog): Promise<void> {
  const { config, files, findings, at, trial } = audit;
  const place = at('predictions.safetensors');
  const bytes = await readBytes(files.predictions).catch(() => undefined);
  if (bytes === undefined) {
    const due = config.evaluation.predictions === true && log.end?.outcome === 'completed';
    if (due)
      findings.differ(place, 'file', 'the predictions that the configuration asks for', 'none');
    return;
  }
  let predictions: TrialPredictions;
  try {
    predictions = decodePredictions(bytes, place.file);
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    findings.differ(place, 'file', 'predictions', error.message);
    return;
  }
  findings.count('predictions files');
  const { seed, step, variants } = predictions;
  const expected = {
    seed: trial.seed,
    step: config.training.earlyStopping ? log.lastStep : config.training.steps,
    variants: Object.keys(config.variants),
    text: bytes.toString('base64'),
  };
  const text = encodePredictions(predictions).toString('base64');
  findings.same(place, 'predictions', expected, {
    seed,
    step,
    variants: Object.keys(variants),
    text,
  });
  checkAccuracies(audit, log, predictions);
}

function checkAccuracies(
  { data, findings, at }: TrialAudit,
  log: CheckedLog,
  { step, variants }: TrialPredictions,
): void {
  const evaluation = log.records.findLast(
    (record) => record.event === 'evaluation' && record.split === 'test' && record.step === step,
  );
  if (data === undefined || evaluation?.event !== 'evaluation') return;
  const labels = data.splits.test.targets.values;
  for (const [name, predicted] of Object.entries(variants)) {
    const correct = predicted.filter((label, example) => label === labels[example]).length;
    const place = at('predictions.safetensors');
    findings.same(place, `examples of ${name}`, evaluation.examples, predicted.length);
    findings.same(
      place,
      `correct of ${name} (seq ${evaluation.seq} of the log)`,
      evaluation.variants[name]?.counts?.correct,
      correct,
    );
  }
}
