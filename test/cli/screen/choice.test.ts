import { expect } from 'chai';
import { choose, isLeaving, shownTrial } from '../../../src/cli/screen/choice.js';
import type { ScreenChoice } from '../../../src/cli/screen/choice.js';
import { trialRecords } from '../../support/log-records.js';
import { runState } from '../../support/run-states.js';

const begun = (trial: number) => ({
  seed: trial,
  records: trialRecords({ trial }).filter(({ event }) => event !== 'trial.end'),
});
const state = runState([
  { seed: 0, records: trialRecords({ trial: 0 }) },
  begun(1),
  { seed: 2 },
  { seed: 3 },
]);
const following: ScreenChoice = { trial: undefined, measure: 0 };
const after = (...names: readonly string[]) =>
  names.reduce((choice, name) => choose(choice, { name }, state), following);

describe('the keys of a full screen', () => {
  it('follow the trial that runs until one is picked', () => {
    expect(shownTrial(following, state)).to.equal(1);
    expect(after('k').trial).to.equal(0);
    expect(after('k', 'f')).to.deep.equal(following);
  });

  it('pick trials, no further than the first and the last', () => {
    expect(after('j').trial).to.equal(2);
    expect(after('down', 'down', 'down', 'j').trial).to.equal(3);
    expect(after('up', 'up', 'k').trial).to.equal(0);
    expect(after('end').trial).to.equal(3);
    expect(after('end', 'pageup').trial).to.equal(0);
    expect(choose(following, { name: 'g', shift: true }, state).trial).to.equal(3);
  });

  it('pick measures in a circle, both ways', () => {
    const { measures } = state;
    expect(measures.map(({ place, metric }) => `${place} ${metric}`)).to.deep.equal([
      'minibatch loss',
      'minibatch accuracy',
      'test loss',
      'test accuracy',
    ]);
    expect(after('m', 'tab').measure).to.equal(2);
    expect(after('m', 'm', 'm', 'm').measure).to.equal(0);
    expect(choose(following, { name: 'tab', shift: true }, state).measure).to.equal(3);
  });

  it('leave with q, Escape, Ctrl-C and Ctrl-D; all others change nothing', () => {
    const leaving = [{ name: 'q' }, { name: 'escape' }, { name: 'c', ctrl: true }];
    expect([...leaving, { name: 'd', ctrl: true }].map(isLeaving)).to.deep.equal(
      Array(4).fill(true),
    );
    expect([{ name: 'c' }, { name: 'd' }, {}].map(isLeaving)).to.deep.equal(Array(3).fill(false));
    expect(choose(following, { name: 'x' }, state)).to.equal(following);
    expect(choose(following, { name: 'j', ctrl: true }, state)).to.equal(following);
  });
});
