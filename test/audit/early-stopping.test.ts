import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { formatDifference } from '../../src/audit/findings.js';
import { verifyRun } from '../../src/audit/verify-run.js';
import { collectProvenance } from '../../src/run/provenance.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { tinyRun } from '../support/tiny-run.js';

describe('verifyRun, of a run with early stopping', function () {
  this.timeout(60_000);

  it('finds nothing in an untouched run, and a stop that does not follow from the evaluations', async () => {
    await withTemporaryFolder(async (cwd) => {
      const settings = [
        'training.steps=40',
        'training.earlyStopping={metric: validation.loss, patience: 1}',
        'evaluation={every: 2, predictions: true, splits: [{split: validation}, {split: test}]}',
      ];
      const run = await tinyRun(cwd, ...settings.flatMap((setting) => ['--set', setting]));
      const here = await collectProvenance([]);
      const differences = async () =>
        (await verifyRun(run, here)).differences.map(formatDifference);
      expect(await differences()).to.deep.equal([]);

      const path = join(run, 'trials/0000/log.ndjson');
      const text = await readFile(path, 'utf8');
      const stops = text.match(/"event":"variant\.stop"/g) ?? [];
      expect(stops).to.have.length(2);

      await writeFile(path, text.replace(/"bestStep":\d+/, '"bestStep":1'));
      expect((await differences())[0]).to.match(
        /log\.ndjson:\d+ .*variant\.stop\.bestStep: .*got 1$/,
      );

      // As if the variant had trained on.
      const lines = text.split('\n');
      const first = lines.findIndex((line) => line.includes('"variant.stop"'));
      await writeFile(path, lines.toSpliced(first, 1).join('\n'));
      expect((await differences()).join('\n')).to.include('without a variant.stop');
    });
  });
});
