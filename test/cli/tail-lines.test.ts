import { expect } from 'chai';
import { createTailLines, jsonLine } from '../../src/cli/tail-lines.js';
import type { LogRecord } from '../../src/log/records.js';
import { trialRecords } from '../support/log-records.js';
import { watchedManifest } from '../support/run-states.js';

describe('the lines of a tail', () => {
  it('of one variant leave out what is only about others', () => {
    const linesOf = createTailLines(watchedManifest([{ seed: 1 }]), {
      variant: 'relu',
      color: false,
    });
    const records = trialRecords({
      steps: 1,
      outcome: 'diverged',
      loss: (variant) => [1, 'NaN'][variant] as 1,
    });
    const step = records.find(({ event }) => event === 'step') as LogRecord & { event: 'step' };
    const { snn } = step.variants;
    const others: LogRecord = { ...step, step: 2, variants: { snn: snn! } };
    const text = [...records, others].map(linesOf).join('');
    expect(text).to.contain('ReLU loss').and.not.contain('SNN');
    expect(text).not.to.contain('step 2');
  });

  it('pass JSON through, but for what could control a terminal', () => {
    const text = 'a\u009b31m\u202eb\u007f é 漢';
    const line = JSON.stringify({ text });
    expect(jsonLine(line, false)).to.equal(line);
    const shown = jsonLine(line, true);
    expect(shown).to.equal('{"text":"a\\u009b31m\\u202eb\\u007f é 漢"}');
    expect(JSON.parse(shown)).to.deep.equal({ text });
  });
});
