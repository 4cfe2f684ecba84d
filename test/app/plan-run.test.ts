import { join } from 'node:path';
import { expect } from 'chai';
import { loadRequested, planRun } from '../../src/app/plan-run.js';
import { encodeNpy, writeNpyDataset } from '../support/npy-writer.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('planRun', () => {
  it('warns of data that are sorted by class, and only of those', () =>
    withTemporaryFolder(async (cwd) => {
      const surroundings = { cwd, env: {}, clock: () => 0, stop: new AbortController().signal };
      const warningsOf = async (labels: readonly number[]) => {
        const x = encodeNpy('|u1', [120, 8, 8], new Array<number>(120 * 64).fill(0));
        const y = encodeNpy('<i4', [120], labels);
        const folder = join(cwd, 'mine');
        await writeNpyDataset(folder, { x_train: x, y_train: y, x_test: x, y_test: y });
        const set = [
          'data.path=mine',
          'data.validationSize=40',
          'evaluation.splits=[{split: test}]',
        ];
        const loaded = await loadRequested({ config: 'debug', set }, surroundings);
        const request = { engine: 'wasm', device: 'auto', trace: false, jobs: 1 } as const;
        return (await planRun(loaded, request, surroundings)).warnings;
      };
      const classes = Array.from({ length: 120 }, (_, example) => example % 3);
      expect(await warningsOf(classes)).to.deep.equal([]);
      const warnings = await warningsOf(classes.sort());
      expect(warnings).to.have.length(2);
      expect(warnings[1]).to.match(
        /^the validation split, 40 examples, has none of the classes 1, 2/,
      );
    }));
});
