import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { renderLive } from '../../../src/cli/views/live.js';
import type { LiveOptions } from '../../../src/cli/views/live.js';
import { dropTrials, initialRunState, reduceRun, settleTrial } from '../../../src/live/state.js';
import type { RunState } from '../../../src/live/state.js';
import type { LogRecord, Metric } from '../../../src/log/records.js';
import { textWidth } from '../../../src/text/text.js';
import { trialRecords } from '../../support/log-records.js';
import { watchedManifest } from '../../support/run-states.js';

const time = 1_700_000_000_000;
const options: LiveOptions = { columns: 80, rows: 24, color: false, now: time + 10_000, jobs: 1 };
const seeds = [7, 8, 9].map((seed) => ({ seed }));
const empty = initialRunState(watchedManifest(seeds), 'runs/x');

function stateAfter(records: readonly LogRecord[], before = empty): RunState {
  return records.reduce(reduceRun, before);
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

  it('says how many trials a race has dropped, and plans no time for them', () => {
    const before = stateAfter(running(20));
    const state = dropTrials(before, [0, 1, 2], 'dropped after 2 of 3 seeds: rate 3');
    expect(state.trials.map(({ phase }) => phase)).to.deep.equal(['running', 'dropped', 'dropped']);
    expect(state.trials[1]!.reason).to.equal('dropped after 2 of 3 seeds: rate 3');
    const lines = renderLive(state, options).split('\n');
    expect(lines[0]).to.equal('tutorial  seed 7 (1 of 3)  2 dropped');
    // 30 steps at 4 steps/s, of which 5.25 s are over.
    expect(lines.at(-1)).to.match(/0:0\d left$/);
    const both = renderLive(state, { ...options, jobs: 2 });
    expect(both).to.include('up to 1 trial at once').and.to.include('0 of 1 trial');
  });

  it('puts the difference below the challenger on a narrow terminal', () => {
    const block = renderLive(stateAfter(running(20)), { ...options, columns: 40 });
    const lines = block.split('\n');
    expect(lines).to.have.lengthOf(7);
    expect(lines[5]).to.match(/^ {2}Δ {2,}[-+]\d\.\d{6} {2}[-+]\d\.\d{5}$/);
    expect(lines[5]).to.have.lengthOf(lines[4]!.length);
  });

  it('shows which variant has diverged while the others go on', () => {
    const two = running(20).map((record): LogRecord => {
      if (record.event !== 'step' || record.step <= 12) return record;
      const { relu } = record.variants;
      return { ...record, variants: { relu: relu! } };
    });
    const end: LogRecord = {
      ...two[12]!,
      ...{ event: 'variant.end', step: 12, variant: 'snn', outcome: 'diverged', reason: 'NaN' },
    };
    const state = stateAfter([...two.slice(0, 13), end, ...two.slice(13)]);
    const wide = renderLive(state, options).split('\n');
    expect(wide[1]).to.contain('step 20 of 50');
    expect(wide[4]).to.match(/^SNN +diverged +diverged +diverged at step 12 +\S{12}$/);
    const narrow = renderLive(state, { ...options, columns: 40 }).split('\n');
    expect(narrow[5]).to.match(/^ {2}Δ +diverged at step 12 *$/);
    const table = renderLive(state, { ...options, columns: 120, jobs: 2 }).split('\n');
    expect(table[3]).to.match(/^ +7 +20\/50 +4\.00 +\S+ +diverged +– +\S+ +diverged +–$/);
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
        fc.constantFrom('completed' as const, 'diverged' as const),
        (metrics, labels, columns, rows, color, jobs, outcome) => {
          const names = Object.fromEntries(labels.map((label, index) => [`v${index}`, label]));
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
            outcome,
            loss: (variant, step) => at(variant + step),
            accuracy: (variant, step) => at(variant * step),
          });
          const before = initialRunState(watchedManifest(seeds, names), 'runs/x');
          const block = renderLive(stateAfter(records, before), {
            ...options,
            columns,
            rows,
            color,
            jobs,
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
    expect(renderLive(empty, options)).to.equal('tutorial  starting');
    const started = renderLive(stateAfter(running(0)), options);
    expect(started).to.contain('step  0 of 50').and.contain('–').and.contain('–:–– left');
    const none = renderLive(stateAfter(trialRecords({ steps: 0 })), options);
    expect(none).to.contain('step 0 of 0');
  });

  it('shows one variant without differences and three with two', () => {
    const render = (names: string[]) => {
      const variants = Object.fromEntries(
        names.map((name) => [name, { label: name, parameters: 1 }]),
      );
      const labels = Object.fromEntries(names.map((name) => [name, name]));
      const before = initialRunState(watchedManifest(seeds, labels), 'runs/x');
      const state = stateAfter(trialRecords({ variants }), before);
      const block = renderLive(state, { ...options, columns: 40 });
      return block.split('\n').filter((line) => line.startsWith('  Δ')).length;
    };
    expect(render(['a'])).to.equal(0);
    expect(render(['a', 'b', 'c'])).to.equal(2);
  });

  it('marks non-finite losses in the sparkline and counts trials that ended badly', () => {
    const diverged = trialRecords({
      steps: 3,
      loss: (variant, step) => (variant === 1 && step === 3 ? 'NaN' : 1),
      outcome: 'diverged',
    });
    const block = renderLive(stateAfter(diverged), options);
    expect(block).to.contain('×').and.contain('1 diverged').and.contain('NaN');
    const died = settleTrial(stateAfter(running(3)), 0);
    expect(renderLive(died, options)).to.contain('1 unfinished');
  });

  it("shows trials that run at once in a table, with the run's progress", () => {
    const plan = [1, 2].flatMap((rate) => seeds.map(({ seed }) => ({ seed, point: { rate } })));
    const before = initialRunState(watchedManifest(plan), 'runs/x', [0, 1, 2, 3, 4]);
    const first = running(20);
    const second = trialRecords({ trial: 1, seed: 8, steps: 5, planned: 50 }).slice(0, 4);
    const both = stateAfter([...first, ...second], before);
    const table = (state: RunState, columns = 70) =>
      renderLive(state, { ...options, columns, jobs: 2 });
    expect(table(both).split('\n').slice(0, -1)).to.deep.equal([
      'tutorial  up to 2 trials at once',
      `${'━'.repeat(13)}${'─'.repeat(42)}  1 of 6 trials`,
      'trial  seed   step  steps/s  ReLU loss   SNN loss      Δ loss',
      '    0     7  20/50     4.00   1.200189   0.615795   -0.584393',
      '    1     8   3/50     4.00   1.928118   1.905647   -0.022472',
    ]);
    expect(table(both, 120)).to.contain('ReLU accuracy  SNN accuracy  Δ accuracy');
    const end = { ...trialRecords().at(-1)!, trial: 0 };
    expect(table(reduceRun(both, end)))
      .to.contain('2 of 6 trials')
      .and.not.contain('20/50');
  });

  it('leaves out the last columns of the table on a narrow terminal', () => {
    const block = renderLive(stateAfter(running(20)), { ...options, columns: 32, jobs: 2 });
    expect(block.split('\n')[2]).to.equal('seed   step  steps/s  ReLU loss');
  });
});
