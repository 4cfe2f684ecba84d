import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { withLock } from '../../src/setup/lock.js';

describe('withLock', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets one action run at a time, each to its end, and leaves nothing behind', async () => {
    let inside = 0;
    let most = 0;
    let waits = 0;
    const action = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    };
    const onWait = (): void => {
      waits += 1;
    };
    await Promise.all(
      Array.from({ length: 8 }, () => withLock(file, action, { interval: 1, onWait })),
    );
    expect(most).to.equal(1);
    expect(waits).to.be.greaterThan(0);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('lets go when the action fails', async () => {
    let message = '';
    try {
      await withLock(file, () => Promise.reject(new Error('no')));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.equal('no');
    expect(existsSync(file)).to.equal(false);
  });

  it('succeeds a holder whose process is gone, in one of many waiting', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, JSON.stringify({ id: 'dead', pid, host: hostname() }));
    let inside = 0;
    const action = async (): Promise<void> => {
      inside += 1;
      expect(inside).to.equal(1);
      await sleep(2);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(file, action, { interval: 1 })));
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('succeeds a holder on another machine only when its heartbeat stopped', async () => {
    writeFileSync(file, JSON.stringify({ id: 'far', pid: 1, host: 'elsewhere' }));
    const aborted = withLock(file, () => Promise.resolve(1), {
      interval: 1,
      signal: AbortSignal.timeout(30),
    });
    expect(await aborted.catch(() => 'waited')).to.equal('waited');
    const long = new Date(Date.now() - 60_000);
    utimesSync(file, long, long);
    expect(await withLock(file, () => Promise.resolve(2), { interval: 1 })).to.equal(2);
  });
});
