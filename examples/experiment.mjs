// Runs an experiment from a program: node experiment.mjs, where lockstep is installed. docs/library.md says more.
import console from 'node:console';
import { comparePairs, runExperiment } from 'lockstep';

const experiment = runExperiment(
  {
    extends: 'debug', // any key of docs/configuration.md goes on from here
    name: 'own',
    training: { steps: 5 },
    seeds: [1, 2],
  },
  { engine: 'wasm' },
);

const last = { relu: [], snn: [] };
for await (const record of experiment) {
  if (record.event === 'step') console.log(`step ${record.step} of seed ${record.seed}`);
  if (record.event !== 'evaluation') continue;
  for (const name of ['relu', 'snn']) last[name].push(record.variants[name].scores.accuracy);
}

const { outcome, run } = await experiment.finished;
console.log(`${outcome}: ${run.folder}`);

const { verdict } = comparePairs({
  seeds: [1, 2],
  baseline: last.relu,
  challenger: last.snn,
  metric: 'test.accuracy',
  direction: 'higher',
  alpha: 0.05,
  margin: 0,
  labels: { baseline: 'ReLU', challenger: 'SNN' },
});
console.log(verdict.decision);
