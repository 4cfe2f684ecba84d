import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { jsonText } from '../../src/files/write-atomic.js';
import { manifestFile } from '../../src/run/manifest.js';
import { readJson } from '../../src/files/read.js';
import {
  cancelledName,
  claimAttempt,
  readClaim,
  readCommit,
} from '../../src/machines/run-store.js';
import { thisMachine } from '../../src/machines/machine.js';
import { openStore } from '../../src/store/open-store.js';
import { lockstep } from '../support/lockstep.js';
import { childrenOf, killWith9 } from '../support/processes.js';
import { expectError } from '../support/expect-error.js';
import { filesBelow, startTrial, storedRun, trainStored } from '../support/stored-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const long = { set: ['training.steps=20000', 'checkpoint.every=50'] };
const open = (folder: string) => openStore(folder, { cwd: '/', env: {} });

/** Resolves when an attempt has put a checkpoint into the store. */
async function hasCheckpoint(store: string, attempt: string): Promise<void> {
  for (;;) {
    const names = await filesBelow(join(store, 'trials/0000', attempt, 'checkpoints'));
    if (names.some((name) => name.endsWith('state.json'))) return;
    await sleep(20);
  }
}

describe('a trial of a run in a store', function () {
  this.timeout(60_000);

  it('is committed once, whatever is started again, with machine and checksums', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { seeds: '1..2' });
      expect(await filesBelow(store)).to.deep.equal(['batches/1.json', 'manifest.json']);
      expect(await trainStored(cwd, store, 1)).to.equal('committed');
      const commit = await readCommit(await open(store), 1);
      expect(commit).to.deep.include({ attempt: 1, outcome: 'completed' });
      expect(commit!.machine).to.deep.equal(thisMachine('wasm'));
      expect(Object.keys(commit!.files)).to.include.members([
        ...['SHA256SUMS', 'log.ndjson', 'trace.ndjson', 'result.json'],
        'checkpoints/step-000010/state.json',
      ]);
      const before = await filesBelow(store);

      const again = await startTrial(cwd, store, 0, '--batch', '1').finished;
      expect(again.code).to.equal(0);
      expect(await startTrial(cwd, store, 1).finished).to.include({
        code: 0,
        stderr: 'lockstep: trial 1: committed\n',
      });
      const after = await filesBelow(store);
      expect(after.filter((name) => name.startsWith('trials/0001'))).to.deep.equal(
        before.filter((name) => name.startsWith('trials/0001')),
      );
      expect(await readdir(join(cwd, 'scratch'))).to.deep.equal([]);

      const none = await lockstep(cwd, 'trial', store, '2');
      expect(none.stderr).to.match(/manifest\.json: expected a trial from 0 to 1, got 2/);
      expect(none.code).to.equal(2);
      const outside = await lockstep(cwd, 'trial', store, '2', '--batch', '1');
      expect(outside.stderr).to.match(/batches\/1\.json: expected a position from 0 to 1, got 2/);
    });
  });

  it('goes on elsewhere from the last checkpoint after kill -9 and SIGTERM, and stops for a newer attempt', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, long);
      const killed = startTrial(cwd, store, 0);
      await hasCheckpoint(store, 'a1');
      killWith9(killed.child.pid!);
      await killed.finished;

      const stopped = startTrial(cwd, store, 0);
      await stopped.saw(/attempt 2, from step \d+/);
      await hasCheckpoint(store, 'a2');
      stopped.child.kill('SIGTERM');
      const { code, stderr } = await stopped.finished;
      expect(stderr).to.match(/trial 0: interrupted/);
      expect(code).to.equal(75);

      const old = startTrial(cwd, store, 0);
      await old.saw(/attempt 3, from step \d+/);
      await hasCheckpoint(store, 'a3');
      const steps = (await (await open(store)).list('trials/0000/a2/checkpoints'))
        .map((name) => Number(/step-(\d+)\/state/.exec(name)?.[1] ?? 0))
        .sort((a, b) => a - b);
      expect((await readClaim(await open(store), 0, 3))?.step).to.equal(steps.at(-1));
      await claimAttempt(await open(store), 0, {
        ...{ schemaVersion: 1, id: 'other', machine: thisMachine('wasm'), step: 0, time: 0 },
      });
      expect(await old.finished).to.deep.include({ code: 0 });
      expect((await old.finished).stderr).to.match(/trial 0: superseded/);

      const cancelled = startTrial(cwd, store, 0);
      await cancelled.saw(/attempt 5, from step/);
      await writeFile(join(store, cancelledName), '');
      expect((await cancelled.finished).stderr).to.match(/trial 0: cancelled/);
      expect(await trainStored(cwd, store, 0)).to.equal('cancelled');
      expect(await readCommit(await open(store), 0)).to.equal(undefined);
    });
  });

  it('that loses its training process keeps what it wrote, and asks to be started again', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, long);
      const running = startTrial(cwd, store, 0);
      await hasCheckpoint(store, 'a1');
      for (const child of childrenOf(running.child.pid!)) killWith9(child);
      const { code, stderr } = await running.finished;
      expect(stderr).to.match(/its process died \(killed by SIGKILL\)/);
      expect(code).to.equal(5);
      const failure = await readFile(join(store, 'trials/0000/a1/failure.json'), 'utf8');
      expect(JSON.parse(failure)).to.include({ code: 'worker' });
    });
  });

  it('is refused with other code, packages and data, which are named, before it makes an attempt', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, { withData: true });
      const path = join(store, 'manifest.json');
      const frozen = await readFile(path, 'utf8');
      const manifest = (await readJson(path, manifestFile))!;
      const { provenance } = manifest;
      const foreign = {
        ...provenance,
        lockstep: { ...provenance.lockstep, code: 'f'.repeat(64) },
        packages: { ...provenance.packages, rxjs: '6.0.0' },
      };
      await writeFile(path, jsonText({ ...manifest, provenance: foreign }));
      const code = await startTrial(cwd, store, 0).finished;
      expect(code.stderr)
        .to.match(/code that trains: was f{64} .*, is [0-9a-f]{64}/)
        .and.match(/rxjs: was 6\.0\.0, is \d/);
      expect(code.code).to.equal(2);
      await writeFile(path, frozen);

      const digits = join(cwd, 'digits');
      const labels = (await readdir(digits)).find((name) => name.startsWith('t10k-labels'))!;
      const changed = await readFile(join(digits, labels));
      changed[changed.length - 1]! ^= 1;
      await writeFile(join(digits, labels), changed);
      await expectError('usage', /data t10k-labels.*: was [0-9a-f]{32}, is [0-9a-f]{32}/, () =>
        trainStored(cwd, store, 0),
      );
      expect((await filesBelow(store)).filter((name) => name.startsWith('trials'))).to.deep.equal(
        [],
      );

      // Where the run had them there are none: those in the store are taken.
      await rm(digits, { recursive: true });
      expect(await trainStored(cwd, store, 0)).to.equal('committed');
      expect(await readCommit(await open(store), 0)).to.include({ outcome: 'completed' });
    });
  });

  it('is refused where its data are nowhere, and takes them from where --data says; that it diverges is its result', async () => {
    await withTemporaryFolder(async (cwd) => {
      const store = await storedRun(cwd, {
        set: ['variants.snn.optimizer.learningRate=1e30', 'training.steps=50'],
      });
      await rename(join(cwd, 'digits'), join(cwd, 'moved'));
      await expectError('usage', /expected the dataset of the run in .*digits.* got none/, () =>
        trainStored(cwd, store, 0),
      );
      expect(await trainStored(cwd, store, 0, { data: ['moved'] })).to.equal('committed');
      expect(await readCommit(await open(store), 0)).to.include({ outcome: 'diverged' });
    });
  });
});
