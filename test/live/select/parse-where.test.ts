import { expect } from 'chai';
import type { LogRecord } from '../../../src/log/records.js';
import { parseWhere } from '../../../src/live/select/parse-where.js';
import { expectError } from '../../support/expect-error.js';

const variants = ['relu', 'snn', 'wide-snn'];

const step = {
  event: 'step',
  step: 10,
  time: 1_700_000_000_000,
  trial: 0,
  runId: 'tutorial-20260101T000000Z-abcdef',
  batch: { indicesDigest: '804077093e653641' },
  variants: {
    relu: { scores: { loss: 1.5, accuracy: 0.5 } },
    snn: { scores: { loss: 0.25, accuracy: 0.75 } },
    'wide-snn': { scores: { loss: 'NaN', accuracy: 0 } },
  },
} as unknown as LogRecord;
const start = {
  event: 'trial.start',
  engine: { name: 'wasm', version: '2', details: { simd: true, threads: 2 }, environment: {} },
} as unknown as LogRecord;
const end = {
  event: 'trial.end',
  outcome: 'failed',
  reason: 'no "wool" left',
} as unknown as LogRecord;

const holds = (text: string, record = step) => parseWhere(text, variants)(record);

describe('--where', () => {
  it('compares numbers as numbers, with every operator', () => {
    const results = ['<', '<=', '>', '>=', '=', '==', '!='].map((operator) => [
      holds(`step${operator}9`),
      holds(`step ${operator} 10`),
      holds(`step${operator}1e2`),
    ]);
    expect(results).to.deep.equal([
      [false, false, true],
      [false, true, true],
      [true, false, false],
      [true, true, false],
      [false, true, false],
      [false, true, false],
      [true, false, true],
    ]);
    expect(holds('variants.snn.scores.loss > -1')).to.equal(true);
    expect(holds('variants.snn.scores.loss=.25')).to.equal(true);
  });

  it('compares text as text, quoted or not', () => {
    expect(holds('event=step')).to.equal(true);
    expect(holds("event = 'step'")).to.equal(true);
    expect(holds('"step" == event')).to.equal(true);
    expect(holds('event!=step')).to.equal(false);
    expect(holds('event=trial.end', end)).to.equal(true);
    expect(holds(`reason='no "wool" left'`, end)).to.equal(true);
  });

  it('compares a text that looks like a number as the text it is', () => {
    for (const same of ['804077093e653641', '"804077093e653641"', "'804077093e653641'"]) {
      expect(holds(`batch.indicesDigest=${same}`), same).to.equal(true);
      expect(holds(`${same} != batch.indicesDigest`), same).to.equal(false);
    }
    // Both are infinite as numbers, and 00 and 0 are one.
    for (const other of ['02400e9766481015', '"02400e9766481015"', 'Infinity']) {
      expect(holds(`batch.indicesDigest=${other}`), other).to.equal(false);
    }
    const digits = { ...step, batch: { indicesDigest: '0000000000000012' } } as LogRecord;
    expect(holds('batch.indicesDigest=12', digits)).to.equal(false);
    expect(holds('batch.indicesDigest=0000000000000012', digits)).to.equal(true);
    expect(holds('batch.indicesDigest=runId')).to.equal(false);
    expect(holds('engine.details.threads=2.0 and engine.version="2"', start)).to.equal(true);
    expect(holds('engine.version=2.0', start)).to.equal(false);
  });

  it('reads any field of the log, open names and variants with a - among them', () => {
    expect(holds('engine.name=wasm and engine.details.threads>1', start)).to.equal(true);
    expect(holds('engine.details.simd=true', start)).to.equal(true);
    expect(holds('variants.wide-snn.scores.accuracy=0')).to.equal(true);
  });

  it('compares fields with each other, and calculates', () => {
    expect(holds('variants.snn.scores.loss<variants.relu.scores.loss')).to.equal(true);
    expect(holds('variants.snn.scores.loss - variants.relu.scores.loss < -1.2')).to.equal(true);
    expect(holds('(variants.snn.scores.loss + 1) * 4 / 5 = 1')).to.equal(true);
    expect(holds('-step < -9')).to.equal(true);
  });

  it('joins conditions: and before or, parentheses first', () => {
    expect(holds('step=1 and step=2 or step=10')).to.equal(true);
    expect(holds('step=10 or step=1 and step=2')).to.equal(true);
    expect(holds('(step=10 or step=1) and step=2')).to.equal(false);
    expect(holds('step=10 && (trial=3 || trial=0)')).to.equal(true);
  });

  it('takes NaN for less than and equal to no number, but for the text it is', () => {
    const loss = 'variants.wide-snn.scores.loss';
    for (const operator of ['<', '<=', '>', '>=', '=']) {
      expect(holds(`${loss}${operator}1`), operator).to.equal(false);
    }
    expect(holds(`${loss}=NaN`)).to.equal(true);
    expect(holds(`${loss}!=NaN`)).to.equal(false);
    expect(holds('variants.snn.scores.loss!=NaN and variants.snn.scores.loss<Infinity')).to.equal(
      true,
    );
  });

  it('does not hold where a record lacks the field, whatever it is compared with', () => {
    for (const text of ['outcome=failed', 'outcome!=failed', 'examples<1e9', 'examples!=1']) {
      expect(holds(text), text).to.equal(false);
    }
    expect(holds('examples + 1 > 0 or step=10')).to.equal(true);
    expect(holds('examples + 1 != 5 or -examples != 5')).to.equal(false);
  });

  it('shows the place, and says what was meant', async () => {
    const refused: readonly (readonly [text: string, marks: string, said: RegExp])[] = [
      [
        'variants.sn.scores.loss<1',
        '^^^^^^^^^^^^^^^^^^^^^^^',
        /a field of the log .*, got variants\.sn\.scores\.loss$/m,
      ],
      ['loss<1', '^^^^', /a field of the log/],
      ['step<a', '     ^', /a field of the log or a number, got a$/m],
      ['step<"a"', '     ^^^', /a number, got "a"$/m],
      ['batch.indicesDigest<1', '^^^^^^^^^^^^^^^^^^^', /a number, got batch\.indicesDigest$/m],
      ['1 + event = 2', '    ^^^^^', /a number, got event$/m],
      ['runId=seed', '      ^^^^', /text, as on the other side, got seed$/m],
      ['runId = 1 + 1', '        ^^^^^', /text, as on the other side, got 1 \+ 1$/m],
      [
        'variants.snn.scores.loss=soon',
        '                         ^^^^',
        /a number or one of NaN, .*, got soon$/m,
      ],
      ['event=stp', '      ^^^', /one of trial\.start, .*, got stp$/m],
      ['step=soon', '     ^^^^', /a field of the log or a number, got soon$/m],
      ['nonsense', '^^^^^^^^', /a comparison, got nonsense$/m],
      ['step<1 and', '          ^', /an operator, a field or a value, got the end$/m],
      ['(step<1', '       ^', /got the end$/m],
      ['step<1 trial=0', '       ^^^^^^^', /and, or, or the end, got trial=0$/m],
      ['[step]', '^^^^^^', /a condition, got \[step\]$/m],
      ['step ? 1 : 2', '^^^^^^^^^^^^', /a condition/],
      ['step<1<2', '^^^^^^', /a field or a value, got step<1$/m],
      ['', '^', /a condition, got the end$/m],
    ];
    for (const [text, marks, said] of refused) {
      const error = await expectError('usage', '--where', () => parseWhere(text, variants));
      expect(error.message, text).to.match(said);
      expect(error.message.split('\n').slice(1), text).to.deep.equal([`  ${text}`, `  ${marks}`]);
    }
    const hintOf = async (text: string) =>
      (await expectError('usage', '--where', () => parseWhere(text, variants))).hint;
    expect(await hintOf('variants.sn.scores.loss<1')).to.equal(
      'Did you mean variants.snn.scores.loss?',
    );
    expect(await hintOf('variants.snn.loss<1')).to.equal('Did you mean variants.snn.scores.loss?');
    expect(await hintOf('variants.snn.scores.los<1')).to.equal(
      'Did you mean variants.snn.scores.loss?',
    );
    expect(await hintOf('loss<1')).to.equal('Did you mean variants.relu.scores.loss?');
    expect(await hintOf('event=stp')).to.equal('Did you mean step?');
    expect(await hintOf('step-trial<1')).to.equal('A minus needs spaces around it.');
  });
});
