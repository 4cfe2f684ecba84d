import { expect } from 'chai';
import type { LogRecord } from '../../src/log/records.js';
import { parseSelection } from '../../src/tail/selection.js';
import { parseWhere } from '../../src/tail/where.js';
import { expectError } from '../support/expect-error.js';

const variants = ['relu', 'snn'];

function step(number: number, loss: number | string): LogRecord {
  return {
    event: 'step',
    step: number,
    time: number,
    variants: { relu: { loss: 1, accuracy: 0.5 }, snn: { loss, accuracy: 0.5 } },
  } as unknown as LogRecord;
}

describe('--where', () => {
  it('compares numbers as numbers, and text as text', () => {
    const below = parseWhere('variants.snn.loss<0.2', variants);
    expect([below(step(1, 0.1)), below(step(1, 0.2)), below(step(1, 'NaN'))]).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(parseWhere('event=step', variants)(step(1, 1))).to.equal(true);
    expect(parseWhere('event != step', variants)(step(1, 1))).to.equal(false);
    expect(parseWhere('step>=2', variants)(step(10, 1))).to.equal(true);
  });

  it('says what was meant', async () => {
    const error = await expectError('usage', 'variants.sn.loss', () =>
      parseWhere('variants.sn.loss<1', variants),
    );
    expect(error.hint).to.include('variants.snn.loss');
    await expectError('usage', 'expected a number after <', () => parseWhere('step<a', variants));
    await expectError('usage', 'got nonsense', () => parseWhere('nonsense', variants));
  });
});

describe('the selection of records', () => {
  it('joins --event, --since and --every', () => {
    const chosen = parseSelection({ event: 'step', since: '4', every: '5' }, variants);
    const steps = Array.from({ length: 12 }, (_, i) => i + 1);
    expect(steps.filter((number) => chosen(step(number, 1)))).to.deep.equal([5, 10]);
  });

  it('refuses what the flags do not take', async () => {
    for (const bad of [{ event: 'stp' }, { since: 'soon' }, { every: '0' }]) {
      await expectError('usage', Object.values(bad)[0]!, () => parseSelection(bad, variants));
    }
  });
});
