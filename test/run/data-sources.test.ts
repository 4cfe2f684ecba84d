import { expect } from 'chai';
import { loadConfig } from '../../src/config/load.js';
import { dataSources, distinctFiles, recordedFiles } from '../../src/run/data-sources.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const load = (...overrides: readonly string[]) =>
  withTemporaryFolder(async (cwd) => {
    const config = await loadConfig({ file: 'debug', overrides: [...overrides], cwd });
    return { cwd, config };
  });
const grid = (parameters: string) => `sweep={method: grid, parameters: ${parameters}}`;
const files = [{ name: 'train.csv', md5: 'a', bytes: 1, holds: [] }];

describe('the datasets of a run', () => {
  it('are one where the sweep does not choose among them', async () => {
    const { config } = await load(
      grid('{data.batchSize: {values: [8, 9]}, data.validation.seed: {values: [1, 2]}}'),
    );
    expect(dataSources(config)).to.deep.equal([config.data]);
    expect(recordedFiles({ files }, config.data, config)).to.deep.equal([
      { name: 'train.csv', md5: 'a' },
    ]);
  });

  it('are those of all points, once each, whose files go by folder and name', async () => {
    const { cwd, config } = await load(
      grid('{data.path: {values: [b, ./a]}, data.batchSize: {values: [8, 9]}}'),
    );
    const sources = dataSources(config);
    expect(sources.map(({ path }) => path)).to.deep.equal([`${cwd}/b`, `${cwd}/a`]);
    const lists = sources.map((data) => recordedFiles({ files }, data, config));
    expect(distinctFiles([...lists, lists[0]!])).to.deep.equal([
      { name: `${cwd}/b/train.csv`, md5: 'a' },
      { name: `${cwd}/a/train.csv`, md5: 'a' },
    ]);
  });

  it('differ also by what is read of the same files, among values that go together', async () => {
    const { cwd, config } = await load(
      'sweep={method: grid, parameters: {data: {together: [' +
        '{data.path: a, data.csv: {target: x}, training.steps: 3},' +
        '{data.path: a, data.csv: {target: y}, training.steps: 4}]}}}',
    );
    const sources = dataSources(config);
    expect(sources.map(({ path, csv }) => [path, csv?.target])).to.deep.equal([
      [`${cwd}/a`, 'x'],
      [`${cwd}/a`, 'y'],
    ]);
  });
});
