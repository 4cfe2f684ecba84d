import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { tellInBatches } from '../../src/trial/messages.js';
import type { TrialMessage } from '../../src/trial/messages.js';
import { trialRecords } from '../support/log-records.js';

const steps = trialRecords({ steps: 3 }).filter(({ event }) => event === 'step');
const step = (number: number): TrialMessage => ({ kind: 'record', record: steps[number - 1]! });
const notice: TrialMessage = { kind: 'notice', text: 'a checkpoint was passed over' };

describe('tellInBatches', () => {
  it('sends a step at once, the next ones together a little later', async () => {
    const sent: (readonly TrialMessage[])[] = [];
    const tell = tellInBatches((messages) => sent.push(messages));
    [1, 2, 3].forEach((number) => {
      tell(step(number));
    });
    expect(sent).to.deep.equal([[step(1)]]);
    while (sent.length < 2) await setTimeout(5);
    expect(sent).to.deep.equal([[step(1)], [step(2), step(3)]]);
  });

  it('sends anything else at once, after the steps that wait', () => {
    const sent: TrialMessage[] = [];
    const tell = tellInBatches((messages) => sent.push(...messages));
    const messages = [step(1), step(2), notice, step(3), notice];
    messages.forEach(tell);
    expect(sent).to.deep.equal(messages);
  });

  it('sends a step at once when none was for a while', async () => {
    const sent: (readonly TrialMessage[])[] = [];
    const tell = tellInBatches((messages) => sent.push(messages));
    for (const number of [1, 2]) {
      tell(step(number));
      expect(sent).to.have.lengthOf(number);
      await setTimeout(100);
    }
  });
});
