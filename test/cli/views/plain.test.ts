import { expect } from 'chai';
import { createPlainView } from '../../../src/cli/views/plain.js';
import type { PlannedTrials } from '../../../src/cli/views/plain.js';
import type { LogRecord, StepRecord } from '../../../src/log/records.js';
import { trialRecords } from '../../support/log-records.js';

const header: PlannedTrials = { seeds: [1], trials: 1 };

function linesOf(records: readonly LogRecord[], run = header): string[] {
  const view = createPlainView(run);
  return records.flatMap((record) => [...view.add(record)]);
}

describe('createPlainView', () => {
  it('writes a line a record with both variants and their difference', () => {
    const records = trialRecords({
      steps: 1,
      planned: 50,
      loss: (variant) => 2 - variant / 2,
      accuracy: (variant) => 0.25 + variant / 4,
      test: [0.859375, 469 / 512],
    });
    expect(linesOf(records)).to.deep.equal([
      'start              50 steps of 128 examples, wasm 4.22.0 on cpu',
      'variant            ReLU, 3,274,634 parameters, the baseline',
      'variant            SNN, 3,274,634 parameters',
      'step  1/50         ReLU loss 2.000000 accuracy 0.25000   SNN loss 1.500000 accuracy 0.50000  Δ loss  -0.500000 accuracy  +0.25000',
      'test (512)         ReLU loss 0.500000 accuracy 0.85938   SNN loss 0.250000 accuracy 0.91602  Δ loss  -0.250000 accuracy  +0.05664',
      'checkpoint         checkpoints/step-000001',
      'completed          after step 1',
    ]);
  });

  it('keeps columns in place while numbers grow and vanish', () => {
    const values = [0.001, 1, 1234.5, 268_417.53, 1e12, 'NaN', 'Infinity', 0] as const;
    const records = trialRecords({
      steps: values.length,
      loss: (variant, step) => values[(step + variant - 1) % values.length]!,
      test: [],
    });
    const steps = linesOf(records).filter((line) => line.startsWith('step'));
    expect(steps).to.have.lengthOf(values.length);
    expect(new Set(steps.map((line) => line.length)).size).to.equal(1);
    expect(new Set(steps.map((line) => line.indexOf('SNN'))).size).to.equal(1);
    expect(steps.join()).not.to.match(/(loss|accuracy)\d/);
    expect(steps.join()).to.contain('loss      NaN').and.contain('loss      Inf');
  });

  it('paints the differences, whole whatever they are', () => {
    const view = createPlainView(header, (difference) => `<${difference}>`);
    const records = trialRecords({ steps: 1, loss: () => 'NaN', test: [] });
    const step = records
      .flatMap((record) => [...view.add(record)])
      .find((line) => line.startsWith('step'));
    expect(step).to.match(/ {2}<Δ loss +NaN accuracy +\S+>$/);
  });

  it('compares every challenger with the baseline, wherever that stands', () => {
    const variants = {
      a: { label: 'A', parameters: 1 },
      b: { label: 'B', parameters: 1 },
      c: { label: 'C', parameters: 1 },
    };
    const records = trialRecords({ steps: 1, variants, baseline: 'b', loss: (v) => 1 + v });
    const step = linesOf(records).find((line) => line.startsWith('step'))!;
    expect(step.match(/[ABC] loss\s+\S+ accuracy\s+\S+( {2}Δ loss\s+\S+)?/g)).to.deep.equal([
      'A loss 1.000000 accuracy 0.53906  Δ loss  -1.000000',
      'B loss 2.000000 accuracy 0.62500',
      'C loss 3.000000 accuracy 0.71094  Δ loss  +1.000000',
    ]);
  });

  it('says which variant has diverged, and goes on with the others', () => {
    const [start, step] = trialRecords({ steps: 1, test: [] });
    const reason = 'step 1: the loss of variant snn became NaN';
    const end = { ...step!, event: 'variant.end', variant: 'snn', outcome: 'diverged', reason };
    const { relu } = (step as StepRecord).variants;
    const next = { ...step!, step: 2, variants: { relu } };
    expect(linesOf([start!, end as LogRecord, next as LogRecord]).slice(-2)).to.deep.equal([
      'diverged           SNN, step 1: the loss of variant snn became NaN',
      'step 2/1           ReLU loss 2.724716 accuracy 0.53906',
    ]);
  });

  it('says when a variant stopped early, and that another used all its steps', () => {
    const stops = { relu: { step: 4, bestStep: 2 }, snn: { step: 6, bestStep: 5 } };
    const lines = linesOf(trialRecords({ steps: 6, stops }));
    expect(lines.slice(-4, -2)).to.deep.equal([
      'stopped            ReLU at step 4: it got no better',
      'trained            SNN: used all 6 steps; it was best at step 5',
    ]);
  });

  it('needs no second variant', () => {
    const variants = { only: { label: 'One', parameters: 7 } };
    const lines = linesOf(trialRecords({ steps: 1, variants }));
    expect(lines.join('\n')).to.contain('One loss').and.not.contain('Δ');
  });

  it('names seed and trial only where there are several', () => {
    const records = trialRecords({ steps: 1, trial: 3, seed: 7 });
    const startOf = (run: Partial<PlannedTrials>) => linesOf(records, { ...header, ...run })[0];
    expect(startOf({ seeds: [7, 10], trials: 2 })).to.match(/^seed {2}7 {2}start/);
    expect(startOf({ seeds: [7], trials: 12 })).to.match(/^trial {2}3 {2}start/);
    expect(startOf({ seeds: [7, 10], trials: 12 })).to.match(/^trial {2}3 {2}seed {2}7 {2}start/);
  });

  it('says why a trial ended and that it goes on', () => {
    const records = trialRecords({ steps: 2, outcome: 'diverged', reason: 'SNN:\nloss is NaN' });
    const resume = { ...records[0]!, event: 'trial.resume', step: 1 } as LogRecord;
    const lines = linesOf([...records, resume]);
    expect(lines.slice(-2)).to.deep.equal([
      'diverged           after step 2: SNN: loss is NaN',
      'resumed            after step 1',
    ]);
  });
});
