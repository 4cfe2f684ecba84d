import { expect } from 'chai';
import type { LogRecord } from '../../../src/log/records.js';
import { parseSelection } from '../../../src/live/select/selection.js';
import { expectError } from '../../support/expect-error.js';

const now = new Date(2026, 0, 31, 12, 0, 0).getTime();

const step = (number: number, time = number) =>
  ({ event: 'step', step: number, time }) as unknown as LogRecord;
const start = { event: 'trial.start', time: 0 } as unknown as LogRecord;

/** The earliest second of the three days before `now` that is chosen. */
function firstSince(since: string): number | undefined {
  const chosen = parseSelection({ since }, now);
  for (let time = now - 3 * 86_400_000; time <= now; time += 1000) {
    if (chosen(step(1, time))) return time;
  }
  return undefined;
}

describe('the selection of records', () => {
  it('joins --event, --since, --every and --where', () => {
    const where = [(record: LogRecord) => record.time !== 5];
    const chosen = parseSelection({ event: 'step', since: '4', every: 5, where }, now);
    const steps = Array.from({ length: 22 }, (_, i) => i + 1);
    expect(steps.filter((number) => chosen(step(number)))).to.deep.equal([10, 15, 20]);
  });

  it('takes --since for a step, at which a trial starts with 0', () => {
    expect(parseSelection({ since: '1' }, now)(start)).to.equal(false);
    expect(parseSelection({ since: '0' }, now)(start)).to.equal(true);
    // No year: four digits are a step, too.
    expect(parseSelection({ since: '2026' }, now)(step(2025, now))).to.equal(false);
  });

  it('takes --since for a time, local without a zone, or for how long ago', () => {
    const at = (...[day, ...time]: [number, ...number[]]) =>
      new Date(2026, 0, day, ...(time as [number])).getTime();
    expect(firstSince('2026-01-30')).to.equal(at(30));
    expect(firstSince('2026-01-30 11:30')).to.equal(at(30, 11, 30));
    expect(firstSince('2026-01-30T11:30:15')).to.equal(at(30, 11, 30, 15));
    expect(firstSince('2026-01-30T11:30:15.0Z')).to.equal(Date.UTC(2026, 0, 30, 11, 30, 15));
    expect(firstSince('2026-01-30T11:30+02:00')).to.equal(Date.UTC(2026, 0, 30, 9, 30));
    expect(firstSince('09:30')).to.equal(at(31, 9, 30));
    expect(firstSince('90s')).to.equal(now - 90_000);
    expect(firstSince('10m')).to.equal(now - 600_000);
    expect(firstSince('1.5h')).to.equal(now - 5_400_000);
    expect(firstSince('2d')).to.equal(now - 2 * 86_400_000);
  });

  it('takes a time with a zone for one of today in that zone', () => {
    // A quarter of an hour before midnight UTC on 31 January, elsewhere another day.
    const late = Date.UTC(2026, 0, 31, 23, 45);
    const starts = (since: string) => {
      const chosen = parseSelection({ since }, late);
      return (time: number) => chosen(step(1, time)) && !chosen(step(1, time - 1));
    };
    expect(starts('12:00Z')(Date.UTC(2026, 0, 31, 12))).to.equal(true);
    expect(starts('12:00+02:00')(Date.UTC(2026, 1, 1, 10))).to.equal(true);
    expect(starts('12:00-09:30')(Date.UTC(2026, 0, 31, 21, 30))).to.equal(true);
    expect(starts('00:00+14:00')(Date.UTC(2026, 0, 31, 10))).to.equal(true);
  });

  it('refuses what the flags do not take', async () => {
    const noDays = ['2026-11-31', '2026-02-30', '2026-02-29T12:00', '2026-00-10', '2026-04-31Z'];
    for (const since of [
      'soon',
      '25:00',
      '12:00+99:99',
      ...noDays,
      '-5',
      '10 m',
      '2026-13-01',
      '2026-1-1',
      'T12:00',
      'Z',
      '',
    ]) {
      await expectError('usage', `--since: expected a step or a time, got ${since}`, () =>
        parseSelection({ since }, now),
      );
    }
    expect(() => parseSelection({ since: '2028-02-29' }, now)).not.to.throw();
    await expectError('usage', 'stp', () => parseSelection({ event: 'stp' }, now));
  });
});
