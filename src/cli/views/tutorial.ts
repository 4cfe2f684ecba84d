import { fromMetric } from '../../log/records.js';
import type {
  EvaluationRecord,
  LogRecord,
  StepRecord,
  TrialStartRecord,
} from '../../log/records.js';
import { formatC } from '../../text/numbers.js';
import { cleanText } from '../../text/text.js';
import type { ConsoleView } from '../../live/run-header.js';

type Variants = TrialStartRecord['variants'];

/**
 * The lines the 2017 tutorial on Self-Normalizing Networks prints, and no others: every step's loss
 * (`%.6f`) and accuracy (`%.5f`) on the minibatch, and once all steps are done the accuracy on the
 * test split (`%.6f`). A trial that does not complete never says it finished.
 *
 * Trials that run at the same time are shown one after the other, in the order they began.
 */
export function createTutorialView(): ConsoleView {
  const variants = new Map<number, Variants>();
  const trials = new Map<number, TrialLines>();
  return (record) => {
    if (record.event === 'trial.start') variants.set(record.trial, record.variants);
    const trial = trials.get(record.trial) ?? new TrialLines();
    trials.set(record.trial, trial);
    trial.add(record, variants.get(record.trial) ?? {});
    const lines: string[] = [];
    for (const [index, shown] of trials) {
      lines.push(...shown.take());
      if (!shown.ended) break;
      trials.delete(index);
    }
    return lines;
  };
}

/** The lines of one trial that wait for their turn. */
class TrialLines {
  ended = false;
  #test: EvaluationRecord | undefined;
  #waiting: string[] = [];

  take(): readonly string[] {
    const lines = this.#waiting;
    this.#waiting = [];
    return lines;
  }

  add(record: LogRecord, variants: Variants): void {
    switch (record.event) {
      case 'step':
        this.#test = undefined;
        this.#waiting.push(...stepLines(record, variants));
        break;
      case 'evaluation':
        // The tutorial has one test evaluation; of several after the last step the first stands.
        if (record.split === 'test') this.#test ??= record;
        break;
      case 'trial.end':
        this.ended = true;
        if (record.outcome === 'completed') {
          this.#waiting.push('Optimization Finished!', '', ...testLines(this.#test, variants));
        }
        break;
      case 'trial.start':
      case 'trial.resume':
      case 'checkpoint':
        break;
    }
  }
}

function stepLines(record: StepRecord, variants: Variants): string[] {
  return Object.entries(record.variants).map(([name, { loss, accuracy }]) => {
    const label = labelOf(name, variants).toUpperCase();
    const lossText = formatC(fromMetric(loss), 6);
    const accuracyText = formatC(fromMetric(accuracy), 5);
    return `${label}: Nbr of updates: ${record.step}, Minibatch Loss= ${lossText}, Training Accuracy= ${accuracyText}`;
  });
}

function testLines(record: EvaluationRecord | undefined, variants: Variants): string[] {
  return Object.entries(record?.variants ?? {}).map(
    ([name, { accuracy }]) =>
      `${labelOf(name, variants)}: Testing Accuracy: ${formatC(fromMetric(accuracy), 6)}`,
  );
}

function labelOf(name: string, variants: Variants): string {
  return cleanText(variants[name]?.label ?? name);
}
