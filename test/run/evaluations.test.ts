import { expect } from 'chai';
import { applyOverrides, parseOverride } from '../../src/config/overrides.js';
import { validate } from '../../src/config/validate.js';
import { parseYaml } from '../../src/config/yaml.js';
import { evaluatedQuantities, evaluationsOf } from '../../src/run/evaluations.js';
import { planTrials } from '../../src/run/manifest.js';
import { tableColumns } from '../../src/export/table.js';
import { metricNamed } from '../../src/report/metric.js';
import type { Manifest } from '../../src/run/manifest.js';
import { minimal } from '../config/scratch.js';

function manifest(...sets: string[]): Manifest {
  const written = parseYaml(`name: x\n${minimal}`, 'x.yaml');
  const config = validate(applyOverrides(written, sets.map(parseOverride)));
  return { config, trials: planTrials(config) } as unknown as Manifest;
}
const sweep = (path: string, values: string) =>
  `sweep={method: grid, parameters: {${path}: {values: ${values}}}}`;
const splits = '[[{split: test}], [{split: test}, {split: validation}]]';

describe('evaluationsOf', () => {
  it('is the configuration’s own without a sweep, or where it varies something else', () => {
    const plain = manifest();
    expect(evaluationsOf(plain)).to.deep.equal([plain.config.evaluation]);
    const other = manifest(sweep('training.steps', '[1, 2, 3]'));
    expect(evaluationsOf(other)).to.deep.equal([other.config.evaluation]);
  });

  it('has what each point evaluates, not what the run’s configuration says', () => {
    const evaluations = evaluationsOf(manifest(sweep('evaluation.splits', splits)));
    expect(evaluatedQuantities(evaluations)).to.deep.equal([
      'test.loss',
      'test.accuracy',
      'validation.loss',
      'validation.accuracy',
    ]);
  });
});

describe('what only some points evaluate', () => {
  const run = manifest(sweep('evaluation.splits', splits));

  it('has a column in exports', () => {
    expect(tableColumns(run).map(({ name }) => name)).to.include('validation.accuracy');
    expect(tableColumns(manifest()).map(({ name }) => name)).not.to.include('validation.accuracy');
  });

  it('can be reported', () => {
    expect(metricNamed('validation.accuracy', run)).to.include({ place: 'validation' });
    expect(() => metricNamed('validation.accuracy', manifest())).to.throw('--metric: expected');
  });

  it('may be the minibatch', () => {
    const some = manifest(sweep('evaluation.minibatch', '[false, true]'));
    expect(metricNamed('minibatch.loss', some)).to.include({ score: 'loss' });
    const none = manifest('evaluation.minibatch=false');
    expect(() => metricNamed('minibatch.loss', none)).to.throw('--metric: expected');
  });
});
