import { join } from 'node:path';
import { expect } from 'chai';
import { lockstep } from '../support/lockstep.js';
import { readAllRecords } from '../support/read-all-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';
import { tinyRun } from '../support/tiny-run.js';

const every =
  'training.augmentation=[{kind: horizontalFlip}, {kind: randomCrop, padding: 2, fill: reflect}, ' +
  '{kind: shift, pixels: 1}, {kind: rotation, degrees: 20, fill: edge}, {kind: cutout, size: 3}, {kind: noise, std: 0.1}]';

/** Per step the digests of what each variant trained on, of a run that `verify` finds nothing in. */
async function digests(...sets: string[]): Promise<Record<string, string | undefined>[]> {
  return withTemporaryFolder(async (cwd) => {
    const overrides = ['variants.snn.input=raw', ...sets].flatMap((set) => ['--set', set]);
    const run = await tinyRun(cwd, ...overrides);
    const verified = await lockstep(cwd, 'verify', run);
    expect(verified.code, verified.stdout).to.equal(0);
    expect(verified.stdout).to.match(/20 input digests recomputed/);
    const records = await readAllRecords(join(run, 'trials/0000/log.ndjson'));
    return records.flatMap((record) =>
      record.event !== 'step'
        ? []
        : [
            Object.fromEntries(
              Object.entries(record.variants).map(([name, { inputDigest }]) => [name, inputDigest]),
            ),
          ],
    );
  });
}

describe('augmentation', function () {
  this.timeout(120_000);

  it('gives all variants the same inputs, which verify recomputes', async () => {
    const shared = await digests(every);
    expect(shared).to.have.length(10);
    for (const { relu, snn } of shared) expect(relu).to.equal(snn);
  });

  it('gives each variant its own where the pairing is independent', async () => {
    for (const { relu, snn } of await digests(every, 'pairing.augmentation=independent')) {
      expect(relu).not.to.equal(snn);
    }
  });

  it('is shown by a dry run and refused for inputs it does not fit, with its place', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { stdout } = await lockstep(
        cwd,
        ...['run', 'debug', '--dry-run', '--engine', 'wasm', '--set'],
        'training.augmentation=[{kind: horizontalFlip}, {kind: shift, pixels: 3}]',
      );
      expect(stdout).to.include(
        'augmentation, the same for all variants: horizontalFlip (probability 0.5), shift (pixels 3, fill 0)\n',
      );
      const refused = await lockstep(
        cwd,
        ...['run', 'debug', '--set', 'training.augmentation=[{kind: cutout, size: 29}]'],
      );
      expect(refused.code).to.equal(2);
      expect(refused.stderr).to.include(
        'training.augmentation.0 (cutout): expected size of at most 28 for images of [28, 28, 1], got 29',
      );
    });
  });
});
