import { expect } from 'chai';
import { createTutorialView } from '../../../src/cli/views/tutorial.js';
import type { LogRecord } from '../../../src/log/records.js';
import { resumedRecords, trialRecords } from '../../support/log-records.js';

/** As a run shows it: a trial has settled once it has ended. */
function linesOf(records: readonly LogRecord[], view = createTutorialView()): string[] {
  return records.flatMap((record) => [
    ...view.add(record),
    ...(record.event === 'trial.end' ? view.settle(record.trial) : []),
  ]);
}

describe('createTutorialView', () => {
  it("prints the tutorial's lines and no others", () => {
    const losses = [
      [2.008754, 1.512345],
      [1.9, 1.25],
    ];
    const records = trialRecords({
      steps: 2,
      loss: (variant, step) => losses[step - 1]![variant]!,
      accuracy: (variant, step) => (variant === 0 ? 45 : 49 + step) / 128,
      test: [0.859375, 469 / 512],
    });
    expect(linesOf(records)).to.deep.equal([
      'RELU: Nbr of updates: 1, Minibatch Loss= 2.008754, Training Accuracy= 0.35156',
      'SNN: Nbr of updates: 1, Minibatch Loss= 1.512345, Training Accuracy= 0.39062',
      'RELU: Nbr of updates: 2, Minibatch Loss= 1.900000, Training Accuracy= 0.35156',
      'SNN: Nbr of updates: 2, Minibatch Loss= 1.250000, Training Accuracy= 0.39844',
      'Optimization Finished!',
      '',
      'ReLU: Testing Accuracy: 0.859375',
      'SNN: Testing Accuracy: 0.916016',
    ]);
  });

  it('prints losses that are not finite as C does and does not claim to have finished', () => {
    const records = trialRecords({
      steps: 1,
      loss: (variant) => (variant === 0 ? 'NaN' : 'Infinity'),
      accuracy: () => 0.125,
      test: [],
      outcome: 'diverged',
    });
    expect(linesOf(records)).to.deep.equal([
      'RELU: Nbr of updates: 1, Minibatch Loss= nan, Training Accuracy= 0.12500',
      'SNN: Nbr of updates: 1, Minibatch Loss= inf, Training Accuracy= 0.12500',
    ]);
  });

  it('takes the test accuracy after the last step, not an earlier one', () => {
    const [start, first, early, ...rest] = trialRecords({ steps: 1, test: [0.1, 0.2] });
    const later = trialRecords({ steps: 2, test: [0.5, 0.75] }).slice(2);
    const lines = linesOf([start!, first!, early!, ...later]);
    expect(rest).to.not.be.empty;
    expect(lines.slice(-2)).to.deep.equal([
      'ReLU: Testing Accuracy: 0.500000',
      'SNN: Testing Accuracy: 0.750000',
    ]);
  });

  it('shows one and three variants in their order', () => {
    const variants = Object.fromEntries(
      ['c', 'a', 'b'].map((name) => [name, { label: `L${name}`, parameters: 1 }]),
    );
    const heads = (records: LogRecord[]) => linesOf(records).map((line) => line.split(':')[0]);
    expect(heads(trialRecords({ steps: 1, variants }))).to.deep.equal([
      'LC',
      'LA',
      'LB',
      'Optimization Finished!',
      '',
      'Lc',
      'La',
      'Lb',
    ]);
    const one = { only: { label: 'one', parameters: 1 } };
    expect(heads(trialRecords({ steps: 1, variants: one }))).to.deep.equal([
      'ONE',
      'Optimization Finished!',
      '',
      'one',
    ]);
  });

  it('finishes without test lines when nothing was evaluated, and with no step', () => {
    expect(linesOf(trialRecords({ steps: 0 }))).to.deep.equal(['Optimization Finished!', '']);
  });

  it('shows trials that run at once one after the other', () => {
    const first = trialRecords({ trial: 0, steps: 2 });
    const second = trialRecords({ trial: 1, steps: 3 });
    const mixed = first.flatMap((record, index) => [record, second[index]!]);
    const all = [...mixed, ...second.slice(first.length)];
    expect(linesOf(all)).to.deep.equal([...linesOf(first), ...linesOf(second)]);
  });

  it('shows the trials behind one that died without an end, once it has settled', () => {
    const view = createTutorialView();
    const dead = trialRecords({ trial: 0, steps: 2 }).slice(0, 3);
    const next = trialRecords({ trial: 1, steps: 2 });
    expect(linesOf([...dead, ...next], view)).to.deep.equal(linesOf(dead));
    expect(view.settle(0)).to.deep.equal(linesOf(next));
    expect(view.settle(7)).to.deep.equal([]);
  });

  it('keeps the turn of a trial that failed and is started again, and repeats no step', () => {
    const options = { trial: 0, steps: 5 };
    const again = resumedRecords(options, { checkpoint: 2, crash: 4 });
    const at = again.findIndex(({ event }) => event === 'trial.resume');
    const failed: LogRecord = { ...again[at]!, event: 'trial.end', outcome: 'failed', step: 4 };
    const other = trialRecords({ trial: 1, steps: 2 });
    const view = createTutorialView();
    const lines = [...again.slice(0, at), failed, other[0]!, other[1]!, ...again.slice(at)];
    const shown = lines.flatMap((record) => view.add(record));
    expect(shown).to.deep.equal(linesOf(trialRecords(options)));
    expect(view.settle(0)).to.deep.equal(linesOf(other).slice(0, 2));
  });

  it('shows nothing of what it only remembers, of any trial', () => {
    const view = createTutorialView();
    const trials = [0, 1].map((trial) => trialRecords({ trial, steps: 3 }));
    for (const records of trials) for (const record of records.slice(0, 3)) view.remember(record);
    const rest = trials.flatMap((records) => records.slice(3));
    const all = trials.flatMap((records) =>
      linesOf(records).filter((line) => !/ates: [12],/.test(line)),
    );
    expect(linesOf(rest, view)).to.deep.equal(all);
  });

  it('goes on with the labels of the log it was given first when a trial resumes', () => {
    const records = trialRecords({ steps: 3 });
    const interrupted = trialRecords({ steps: 1, test: [], outcome: 'interrupted' });
    const resume: LogRecord = { ...interrupted[0]!, event: 'trial.resume', step: 1 };
    const view = createTutorialView();
    for (const record of interrupted) view.remember(record);
    const lines = linesOf([resume, ...records.slice(2)], view);
    expect([...linesOf(interrupted), ...lines]).to.deep.equal(linesOf(records));
  });
});
