import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { acquireLock, isLocked } from '../../src/files/lock.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('a lock', () => {
  it('is refused while a living process has it, naming the process', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = await acquireLock(path, 'trial 3');
      expect(await isLocked(path)).to.equal(true);
      await expectError('usage', `trial 3 is locked: process ${process.pid} on ${hostname()}`, () =>
        acquireLock(path, 'trial 3'),
      );
      await lock.release();
      expect(await isLocked(path)).to.equal(false);
      await (await acquireLock(path, 'trial 3')).release();
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });

  it('of a dead process, of an earlier owner of the pid, or without content is taken over', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const stale = [
      JSON.stringify({ pid: dead, host: hostname() }),
      JSON.stringify({ pid: process.pid, host: hostname(), startTicks: '1' }),
      '',
    ];
    for (const content of process.platform === 'linux' ? stale : [stale[0]!, stale[2]!]) {
      await withTemporaryFolder(async (folder) => {
        const path = join(folder, 'lock');
        await writeFile(path, content);
        expect(await isLocked(path)).to.equal(false);
        await acquireLock(path, 'trial 0');
        expect(await isLocked(path)).to.equal(true);
        expect(await readdir(folder)).to.deep.equal(['lock']);
      });
    }
  });

  it('of another machine counts as held', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      await writeFile(path, JSON.stringify({ pid: 1, host: 'another-machine' }));
      await expectError('usage', 'process 1 on another-machine', () => acquireLock(path, 'it'));
    });
  });

  it('goes to exactly one of many that want it at once', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const attempts = await Promise.allSettled(
        Array.from({ length: 8 }, () => acquireLock(path, 'it')),
      );
      expect(attempts.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    });
  });
});
