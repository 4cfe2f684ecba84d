import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { runDifferences } from '../support/compare-runs.js';
import { lockstep, lockstepInto, onlyRun } from '../support/lockstep.js';
import { mountDisk } from '../support/mount-disk.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const run = ['run', 'debug', '--engine', 'wasm', '--quiet', '--seeds', '1..2'];
const steps = ['--set', 'training.steps=60', '--set', 'checkpoint.every=10'];

describe('a disk', function () {
  this.timeout(120_000);

  it('that is full or read-only ends a run with 5 or 2, and what was written can be resumed', async function () {
    await withTemporaryFolder(async (folder) => {
      const [usual, cwd] = [join(folder, 'usual'), join(folder, 'disk')];
      await Promise.all([mkdir(usual), mkdir(cwd)]);
      const disk = mountDisk(cwd, '300k');
      if (disk === undefined) return this.skip();
      try {
        const full = await lockstep(cwd, ...run, ...steps);
        expect(full.stderr).to.match(/cannot write .*: ENOSPC: .*\n {2}Free disk space/);
        expect(full.stderr).not.to.match(/^ +at /m);
        expect(full.code).to.equal(5);
        expect((await lockstep(cwd, 'verify')).code).to.equal(0);

        disk.remount('ro');
        const resumed = await lockstep(cwd, 'resume', 'runs/latest', '--failed', '--quiet');
        expect(resumed.stderr).to.match(/cannot write .*lock: EROFS: .*\n {2}Free disk space/);
        expect(resumed.code).to.equal(5);
        const another = await lockstep(cwd, ...run);
        expect(another.stderr).to.match(/--out: cannot make a folder in .*: EROFS: /);
        expect(another.code).to.equal(2);

        disk.remount('rw,size=10m');
        expect((await lockstep(cwd, 'resume', 'runs/latest', '--failed', '--quiet')).code).to.equal(
          0,
        );
        expect((await lockstep(cwd, 'verify')).code).to.equal(0);
        expect((await lockstep(usual, ...run, ...steps)).code).to.equal(0);
        expect(await runDifferences(await onlyRun(usual), await onlyRun(cwd))).to.deep.equal([]);
      } finally {
        disk.unmount();
      }
    });
  });

  it('that is full where results are redirected to ends a run with 5, and no stack trace', async function () {
    if (!existsSync('/dev/full')) return this.skip();
    await withTemporaryFolder(async (cwd) => {
      const full = await open('/dev/full', 'w');
      try {
        const ended = await lockstepInto(full.fd, cwd, ...run, '--json');
        expect(ended.stderr).to.match(
          /^lockstep: cannot write standard output: ENOSPC: .*\n {2}Free disk space/,
        );
        expect(ended.stderr).not.to.match(/^ +at /m);
        expect(ended.code).to.equal(5);
        expect((await lockstep(cwd, 'verify')).code).to.equal(0);
      } finally {
        await full.close();
      }
    });
  });
});
