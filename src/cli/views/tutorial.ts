import { fromMetric } from '../../log/records.js';
import type {
  EvaluationRecord,
  LogRecord,
  StepRecord,
  TrialStartRecord,
} from '../../log/records.js';
import { formatC } from '../../text/numbers.js';
import { cleanText } from '../../text/text.js';
import type { LineView } from './plain.js';

type Variants = TrialStartRecord['variants'];

/**
 * Prints exactly the lines of the 2017 tutorial on Self-Normalizing Networks: every step's loss (`%.6f`)
 * and accuracy (`%.5f`) on the minibatch and, once all steps are done, the accuracy on the test split
 * (`%.6f`). A trial that does not complete never claims to have finished.
 *
 * Trials that run at the same time are shown one after the other, in the order in which they began. Steps
 * that a trial repeats after a crash are shown once.
 */
export function createTutorialView(): LineView {
  const remembered = new Map<number, TrialLines>();
  const shown = new Map<number, TrialLines>();
  const take = (): readonly string[] => {
    const lines: string[] = [];
    for (const [index, trial] of shown) {
      lines.push(...trial.take());
      if (!trial.isSettled) break;
      shown.delete(index);
    }
    return lines;
  };
  return {
    remember(record) {
      const trial = remembered.get(record.trial) ?? new TrialLines();
      remembered.set(record.trial, trial);
      trial.add(record);
      trial.take();
    },
    add(record) {
      const trial = shown.get(record.trial) ?? remembered.get(record.trial) ?? new TrialLines();
      shown.set(record.trial, trial);
      trial.add(record);
      return take();
    },
    settle(index) {
      const trial = shown.get(index);
      if (trial) trial.isSettled = true;
      return take();
    },
  };
}

/** The lines of one trial that wait for their turn. */
class TrialLines {
  /** Nothing more is to come. */
  isSettled = false;
  #variants: Variants = {};
  #step = 0;
  #test: EvaluationRecord | undefined;
  #waiting: string[] = [];

  take(): readonly string[] {
    return this.#waiting.splice(0);
  }

  add(record: LogRecord): void {
    switch (record.event) {
      case 'trial.start':
        this.#variants = record.variants;
        break;
      case 'step':
        this.#test = undefined;
        if (record.step > this.#step) this.#waiting.push(...stepLines(record, this.#variants));
        this.#step = Math.max(this.#step, record.step);
        break;
      case 'evaluation':
        // The tutorial has one test evaluation: of several after the last step, take the first.
        if (record.split === 'test') this.#test ??= record;
        break;
      case 'trial.end':
        if (record.outcome === 'completed') {
          this.#waiting.push(
            'Optimization Finished!',
            '',
            ...testLines(this.#test, this.#variants),
          );
        }
        break;
      case 'trial.resume':
      case 'checkpoint':
      case 'variant.end':
      case 'variant.stop':
        break;
    }
  }
}

function stepLines(record: StepRecord, variants: Variants): string[] {
  return Object.entries(record.variants).map(([name, { scores }]) => {
    const label = labelOf(name, variants).toUpperCase();
    const lossText = formatC(fromMetric(scores.loss), 6);
    const accuracyText = formatC(fromMetric(scores.accuracy), 5);
    return `${label}: Nbr of updates: ${record.step}, Minibatch Loss= ${lossText}, Training Accuracy= ${accuracyText}`;
  });
}

function testLines(record: EvaluationRecord | undefined, variants: Variants): string[] {
  return Object.entries(record?.variants ?? {}).map(
    ([name, { scores }]) =>
      `${labelOf(name, variants)}: Testing Accuracy: ${formatC(fromMetric(scores.accuracy), 6)}`,
  );
}

function labelOf(name: string, variants: Variants): string {
  return cleanText(variants[name]?.label ?? name);
}
