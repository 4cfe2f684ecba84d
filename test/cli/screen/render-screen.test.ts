import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { textWidth } from '../../../src/text/text.js';
import { renderScreen } from '../../../src/cli/screen/render-screen.js';
import type { ScreenOptions } from '../../../src/cli/screen/render-screen.js';
import type { RunState } from '../../../src/live/state.js';
import { fallingLoss, trialRecords } from '../../support/log-records.js';
import { runState } from '../../support/run-states.js';

const plain: ScreenOptions = {
  ...{ columns: 80, rows: 24, color: false, phase: 'working' },
  now: 1_700_000_010_000,
};
const following = { trial: undefined, measure: 0 };
const unended = (trial: number, steps: number) =>
  trialRecords({
    trial,
    seed: trial + 1,
    steps,
    planned: 40,
    loss: (...at) => 1.1 * fallingLoss(...at),
  }).filter(({ event }) => event === 'trial.start' || event === 'step');
const state = runState([
  { seed: 1, records: trialRecords({ trial: 0, seed: 1, steps: 40 }) },
  { seed: 2, records: unended(1, 40) },
  { seed: 3 },
]);
const render = (options: Partial<ScreenOptions> = {}, of: RunState = state) =>
  renderScreen(of, following, { ...plain, ...options });

describe('the full screen', () => {
  it('says what runs, how the variants differ, and which keys there are', () => {
    const lines = render();
    expect(lines[0]).to.match(/^tutorial {2}runs\/latest +1 running, 1 completed, 1 planned$/);
    expect(lines[1]).to.match(/^minibatch loss, log scale {2}trial 1, seed 2 {2}running +$/);
    expect(lines.join('\n')).to.match(/^ +\S+ ┤.*[\u2801-\u28ff]/m);
    expect(lines.join('\n')).to.match(/└1 .*step 40 /);
    expect(lines.join('\n')).to.match(/SNN - ReLU {2}-\d\.\d+ .* 95% CI \[.*\] {2}2 of 3 seeds/);
    expect(lines.at(-4)).to.match(/^ {6}0 +1 {2}completed +40\/40 +4\.00 +\d\.\d+ +\d\.\d+ +-\d/);
    expect(lines.at(-3)).to.match(/^› {5}1 +2 {2}running +40\/40 +4\.00/);
    expect(lines.at(-2)).to.match(/^ {6}2 +3 {2}planned +– /);
    expect(lines.at(-1)).to.match(/^↑↓ or jk trial {2}m metric \(4\) {2}q quit +$/);
  });

  it('fills any terminal exactly, whatever the run', () => {
    const labels = fc.constantFrom('ReLU', '漢字'.repeat(9), '\u001b[31mred\u001b[0m\n', 'e\u0301');
    const losses = fc.constantFrom(0, 0.3, 1e-30, 1e30, 'NaN' as const, 'Infinity' as const);
    fc.assert(
      fc.property(
        fc.record({
          columns: fc.integer({ min: 1, max: 220 }),
          rows: fc.integer({ min: 1, max: 70 }),
          color: fc.boolean(),
          phase: fc.constantFrom('working', 'idle', 'over'),
          measure: fc.nat({ max: 3 }),
          labels: fc.tuple(labels, labels),
          values: fc.array(losses, { minLength: 1, maxLength: 30 }),
          trials: fc.integer({ min: 1, max: 60 }),
        }),
        ({ columns, rows, color, phase, measure, labels, values, trials }) => {
          const loss = (variant: number, step: number) => values[(step + variant) % values.length]!;
          const records = trialRecords({ steps: values.length, loss });
          const plan = Array.from({ length: trials }, (_, seed) => ({
            seed,
            point: { rate: seed },
          }));
          const of = runState([{ ...plan[0]!, records }, ...plan.slice(1)], {
            relu: labels[0],
            snn: labels[1],
          });
          const options = { columns, rows, color, phase, now: plain.now } as const;
          const lines = renderScreen(of, { trial: 0, measure }, options);
          expect(lines).to.have.length(rows);
          for (const line of lines) {
            expect(textWidth(stripVTControlCharacters(line)), line).to.equal(columns);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has colours, and says the same without', () => {
    const colored = render({ color: true });
    expect(colored.join('')).to.include('\u001b[36m');
    expect(render().join('')).not.to.include('\u001b');
    const texts = colored.map(stripVTControlCharacters);
    expect(texts.slice(-8)).to.deep.equal(render().slice(-8));
  });

  it('says when it is too small, and when nobody works on the run', () => {
    expect(render({ columns: 79 })[0]).to.match(
      /^The window has 79x24; 80x24 are needed\. q leaves\./,
    );
    const idle = render({ phase: 'idle' });
    expect(idle[0]).to.include('1 unfinished, 1 completed, 1 planned');
    expect(idle.at(-1)).to.match(/^No process is working on the run {2}/);
    expect(render({ phase: 'over' }).at(-1)).to.match(/^The run is over; q leaves {2}/);
  });

  it('keeps the chosen of many trials in sight', () => {
    const many = runState(Array.from({ length: 90 }, (_, seed) => ({ seed })));
    const text = renderScreen(many, { trial: 71, measure: 0 }, { ...plain, columns: 100 }).join(
      '\n',
    );
    expect(text).to.match(/^› +71 /m);
    expect(text).to.match(/\d+–\d+ of 90/);
  });
});
