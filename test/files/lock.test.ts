import { spawnSync } from 'node:child_process';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { acquireLock, isLocked, withLock } from '../../src/files/lock.js';
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

  it('of an earlier owner of the pid goes to exactly one of many that want it at once', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const startTicks = '1';
      await writeFile(path, JSON.stringify({ pid: process.pid, host: hostname(), startTicks }));
      const attempts = await Promise.allSettled(
        Array.from({ length: 8 }, () => acquireLock(path, 'it')),
      );
      const won = attempts.filter(({ status }) => status === 'fulfilled');
      expect(won).to.have.length(1);
      expect(await readdir(folder)).to.deep.equal(['lock']);
    });
  });

  it('is waited for as long as told, and the waiting process names the holder', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const first = await acquireLock(path, 'it');
      const told: string[] = [];
      const onWait = (text: string) => told.push(text);
      await expectError('usage', 'it is locked', () => acquireLock(path, 'it', { patience: 60 }));
      const second = acquireLock(path, 'it', { patience: 10_000, onWait });
      setTimeout(() => void first.release(), 120);
      await (await second).release();
      expect(told).to.have.length(1);
      expect(told[0]).to.include(`process ${process.pid} on ${hostname()}`);
    });
  });

  it('is waited for no longer once stopped', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      await acquireLock(path, 'it');
      const stop = AbortSignal.timeout(60);
      await expectError('interrupted', 'it is locked', () =>
        acquireLock(path, 'it', { patience: 60_000, stop }),
      );
    });
  });

  it('of another machine is taken over once its heartbeat has stopped, where that is asked for', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      await writeFile(path, JSON.stringify({ pid: 1, host: 'another-machine' }));
      const beats = { staleAfter: 30_000 };
      await expectError('usage', 'another-machine', () => acquireLock(path, 'it', beats));
      const aMinuteAgo = new Date(Date.now() - 60_000);
      await utimes(path, aMinuteAgo, aMinuteAgo);
      await expectError('usage', 'another-machine', () => acquireLock(path, 'it'));
      await (await acquireLock(path, 'it', beats)).release();
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });

  it('beats while it is held, where that is asked for', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      const lock = await acquireLock(path, 'it', { staleAfter: 50 });
      const aMinuteAgo = new Date(Date.now() - 60_000);
      await utimes(path, aMinuteAgo, aMinuteAgo);
      await sleep(100);
      expect((await stat(path)).mtimeMs).to.be.greaterThan(Date.now() - 30_000);
      await lock.release();
    });
  });

  it('is held by one action at a time, each to its end, and released when one fails', async () => {
    await withTemporaryFolder(async (folder) => {
      const path = join(folder, 'lock');
      let inside = 0;
      const action = async () => {
        expect((inside += 1)).to.equal(1);
        await sleep(2);
        inside -= 1;
        throw new Error('no');
      };
      const patience = 10_000;
      const all = Array.from({ length: 4 }, () => withLock(path, 'it', action, { patience }));
      const settled = await Promise.allSettled(all);
      expect(settled.map((one) => one.status === 'rejected' && String(one.reason))).to.deep.equal(
        Array(4).fill('Error: no'),
      );
      expect(await readdir(folder)).to.deep.equal([]);
    });
  });

  it('that cannot be written is a disk error naming it', async () => {
    await withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      const path = join(folder, 'file', 'lock');
      await expectError('disk', `cannot write ${path}: `, () => acquireLock(path, 'it'));
    });
  });
});
