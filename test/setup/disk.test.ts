import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import { requireFreeDisk } from '../../src/setup/disk.js';

describe('requireFreeDisk', () => {
  it('accepts a file system with room', async () => {
    await requireFreeDisk(tmpdir(), 1);
  });

  it('refuses one without, naming what is needed, what is there and what to do', async () => {
    const refusal = await requireFreeDisk('/cache', 3e9, () => Promise.resolve(1e9)).catch(
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(LockstepError);
    const error = refusal as LockstepError;
    expect(error.message).to.equal('Expected 3.0 GB free in /cache, got 1.0 GB.');
    expect(error.hint).to.contain('LOCKSTEP_CACHE');
  });
});
