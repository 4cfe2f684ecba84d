import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  initialLiveState,
  reduceLive,
  stepsPerSecond,
  timeLeft,
} from '../../../src/live/live-state.js';
import type { LiveHeader, LiveState } from '../../../src/live/live-state.js';
import { renderLive } from '../../../src/cli/views/live.js';
import type { LiveOptions } from '../../../src/cli/views/live.js';
import { textWidth } from '../../../src/text/text.js';
import type { LogRecord, Metric } from '../../../src/log/records.js';
import { trialRecords } from '../../support/log-records.js';

const header: LiveHeader = {
  name: 'tutorial',
  dir: 'runs/x',
  seeds: [7, 8, 9],
  trials: 3,
  finished: 0,
  jobs: 1,
};
const time = 1_700_000_000_000;
const options: LiveOptions = { columns: 80, rows: 24, color: false, now: time + 10_000 };

function stateAfter(records: readonly LogRecord[], run = header): LiveState {
  return records.reduce(reduceLive, initialLiveState(run));
}

/** A trial in the middle of its steps. */
function running(steps: number, trial = trialRecords({ steps, planned: 50, seed: 7, time })) {
  return trial.filter(({ event }) => event === 'trial.start' || event === 'step');
}

describe('renderLive', () => {
  it('shows progress, both variants, their difference, speed and time left', () => {
    const records = trialRecords({
      steps: 20,
      planned: 50,
      seed: 7,
      time,
      loss: (variant, step) => (variant === 0 ? 2 : 2 / step),
      accuracy: (variant) => 0.5 + variant / 4,
    });
    expect(renderLive(stateAfter(running(20, records)), options).split('\n')).to.deep.equal([
      'tutorial  seed 7 (1 of 3)',
      `${'━'.repeat(24)}${'─'.repeat(36)}  step 20 of 50`,
      '           loss  accuracy      Δ loss  Δ accuracy',
      'ReLU   2.000000   0.50000                          ████████████████████',
      'SNN    0.100000   0.75000   -1.900000    +0.25000  █▇▆▅▄▄▃▃▃▂▂▂▂▁▁▁▁▁▁▁',
      '   4.00 steps/s  0:10 elapsed  0:28 left',
    ]);
  });

  it('puts the difference below the challenger on a narrow terminal', () => {
    const block = renderLive(stateAfter(running(20)), { ...options, columns: 40 });
    const lines = block.split('\n');
    expect(lines).to.have.lengthOf(7);
    expect(lines[5]).to.match(/^ {2}Δ {2,}[-+]\d\.\d{6} {2}[-+]\d\.\d{5}$/);
    expect(lines[5]).to.have.lengthOf(lines[4]!.length);
  });

  it('is never wider or higher than the terminal', () => {
    const metric = fc.oneof(
      fc.double({ min: 0 }),
      fc.constantFrom<Metric>('NaN', 'Infinity', '-Infinity'),
    );
    fc.assert(
      fc.property(
        fc.array(metric, { minLength: 1, maxLength: 8 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 25 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 2, max: 12 }),
        fc.boolean(),
        fc.constantFrom(1, 2),
        (metrics, labels, columns, rows, color, jobs) => {
          const variants = Object.fromEntries(
            labels.map((label, index) => [`v${index}`, { label, parameters: 1 }]),
          );
          const at = (index: number): Metric => {
            const value = metrics[index % metrics.length]!;
            return typeof value === 'number' && !Number.isFinite(value) ? 'NaN' : value;
          };
          const records = trialRecords({
            steps: metrics.length,
            variants,
            loss: (variant, step) => at(variant + step),
            accuracy: (variant, step) => at(variant * step),
          });
          const block = renderLive(stateAfter(records, { ...header, jobs }), {
            ...options,
            columns,
            rows,
            color,
          });
          const lines = stripVTControlCharacters(block).split('\n');
          expect(lines.length).to.be.at.most(rows - 1);
          for (const line of lines) expect(textWidth(line)).to.be.at.most(columns);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps every number in its column from step to step', () => {
    const losses: Metric[] = [0.5, 1234.5, 'NaN', 3e20, 0, 'Infinity'];
    const records = running(
      6,
      trialRecords({
        steps: 6,
        planned: 50,
        loss: (variant, step) => losses[(step + variant) % 6]!,
      }),
    );
    const shapes = records.slice(1).map((_, index) => {
      const block = renderLive(stateAfter(records.slice(0, index + 2)), {
        ...options,
        columns: 52,
      });
      return block.split('\n').map((line) => line.trimEnd().length);
    });
    expect(new Set(shapes.map(String)).size).to.equal(1);
  });

  it('drops the least important lines first when there are few rows', () => {
    const state = stateAfter(running(20));
    const lines = renderLive(state, { ...options, rows: 4 }).split('\n');
    expect(lines.map((line) => line.slice(0, 4))).to.deep.equal(['━━━━', 'ReLU', 'SNN ']);
  });

  it('has no escape codes without colour, and some with', () => {
    const state = stateAfter(running(20));
    const plain = renderLive(state, options);
    const colored = renderLive(state, { ...options, color: true });
    expect(plain).to.not.contain('\u001b');
    expect(colored).to.contain('\u001b[');
    expect(stripVTControlCharacters(colored)).to.equal(plain);
  });

  it('shows what there is before the first record, the first step and with zero steps', () => {
    expect(renderLive(initialLiveState(header), options)).to.equal('tutorial  starting');
    const started = renderLive(stateAfter(running(0)), options);
    expect(started).to.contain('step  0 of 50').and.contain('NaN').and.contain('–:–– left');
    const none = renderLive(stateAfter(trialRecords({ steps: 0 })), options);
    expect(none).to.contain('step 0 of 0');
  });

  it('shows one variant without differences and three with two', () => {
    const render = (names: string[]) => {
      const variants = Object.fromEntries(
        names.map((name) => [name, { label: name, parameters: 1 }]),
      );
      const block = renderLive(stateAfter(trialRecords({ variants })), { ...options, columns: 40 });
      return block.split('\n').filter((line) => line.startsWith('  Δ')).length;
    };
    expect(render(['a'])).to.equal(0);
    expect(render(['a', 'b', 'c'])).to.equal(2);
  });

  it('marks non-finite losses in the sparkline and counts trials that failed', () => {
    const diverged = trialRecords({
      steps: 3,
      loss: (variant, step) => (variant === 1 && step === 3 ? 'NaN' : 1),
      outcome: 'diverged',
    });
    const block = renderLive(stateAfter(diverged), options);
    expect(block).to.contain('×').and.contain('1 diverged').and.contain('NaN');
  });

  it("shows trials that run at once in a table, with the run's progress", () => {
    const two = { ...header, jobs: 2, trials: 6, finished: 1 };
    const first = running(20);
    const second = trialRecords({ trial: 1, seed: 8, steps: 5, planned: 50 }).slice(0, 4);
    const both = stateAfter([...first, ...second], two);
    expect(renderLive(both, options).split('\n').slice(0, -1)).to.deep.equal([
      'tutorial  up to 2 trials at once',
      `${'━'.repeat(14)}${'─'.repeat(46)}  1 of 6 trials`,
      'trial  seed   step  steps/s  ReLU loss   SNN loss      Δ loss',
      '    0     7  20/50     4.00   1.200189   0.615795   -0.584393',
      '    1     8   3/50     4.00   1.928118   1.905647   -0.022472',
    ]);
    const end = { ...trialRecords().at(-1)!, trial: 0 };
    const after = renderLive(reduceLive(both, end), options);
    expect(after).to.contain('2 of 6 trials').and.not.contain('20/50');
  });

  it('leaves out the last columns of the table on a narrow terminal', () => {
    const block = renderLive(stateAfter(running(20), { ...header, jobs: 2 }), {
      ...options,
      columns: 32,
    });
    expect(block.split('\n')[2]).to.equal('seed   step  steps/s  ReLU loss');
  });
});

describe('live state', () => {
  it('tells no speed from a single step', () => {
    expect(stepsPerSecond(stateAfter(running(1)))).to.equal(undefined);
    expect(timeLeft(stateAfter(running(1)), time)).to.equal(undefined);
  });

  it('counts the steps of trials to come in the time left, and not those of ended ones', () => {
    const lastStep = time + 20 * 250;
    const left = (trials: number) => {
      const run = { ...header, trials };
      return timeLeft(stateAfter(running(20), run), lastStep);
    };
    expect(left(1)).to.equal(30 * 250);
    expect(left(3)).to.equal(130 * 250);
    const ended = stateAfter(trialRecords({ steps: 50, time }), { ...header, trials: 1 });
    expect(timeLeft(ended, time)).to.equal(0);
  });

  it('does not count the pause before a resume in the speed', () => {
    const before = running(20);
    const pause = 3_600_000;
    const resume = {
      ...before[0]!,
      event: 'trial.resume',
      step: 20,
      time: time + pause,
    } as LogRecord;
    const more = trialRecords({ steps: 25, planned: 50, seed: 7, time: time + pause }).slice(
      21,
      26,
    );
    const state = stateAfter([...before, resume, ...more]);
    expect(stepsPerSecond(state)).to.be.closeTo(4, 1e-9);
    expect(state.active[0]?.step).to.equal(25);
  });

  it('takes up a trial that was interrupted', () => {
    const records = trialRecords({ steps: 10, planned: 50, outcome: 'interrupted' });
    const resume = { ...records[0]!, event: 'trial.resume', step: 5 } as LogRecord;
    const state = stateAfter([...records, resume]);
    expect(state.ended).to.deep.equal({});
    expect(state.active.map(({ step }) => step)).to.deep.equal([5]);
  });

  it('leaves the state it started from untouched', () => {
    const before = stateAfter(running(3));
    const copy = structuredClone(before);
    reduceLive(before, running(4).at(-1)!);
    expect(before).to.deep.equal(copy);
  });
});
