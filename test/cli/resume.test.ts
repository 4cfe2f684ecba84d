import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readTrialLog } from '../../src/log/read-log.js';
import { lockstep, onlyRun } from '../support/lockstep.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('lockstep resume', () => {
  it('leaves a failed trial alone, says why it failed, and runs it again with --failed', async () => {
    await withTemporaryFolder(async (cwd) => {
      await lockstep(cwd, 'run', 'debug', '--engine', 'wasm', '--seeds', '1..2', '--quiet');
      const trial = join(await onlyRun(cwd), 'trials/0001');
      await rm(trial, { recursive: true });
      await mkdir(trial);
      // No checkpoint can be written where a file is in the way.
      await writeFile(join(trial, 'checkpoints'), '');
      const resume = (...args: string[]) =>
        lockstep(cwd, 'resume', 'runs/latest', '--quiet', '--retries', '0', ...args);
      const lastRecord = async () => (await readTrialLog(join(trial, 'log.ndjson'))).at(-1);

      expect((await resume()).code).to.equal(5);
      const failure = await lastRecord();
      expect(failure).to.include({ event: 'trial.end', outcome: 'failed' });

      await rm(join(trial, 'checkpoints'));
      const left = await resume();
      expect(left.stderr).to.match(
        /--failed runs them again:\n {2}trial 1: cannot write checkpoint/,
      );
      expect(left.code).to.equal(5);
      expect(await lastRecord()).to.deep.equal(failure);

      expect(await resume('--failed')).to.include({ code: 0, stderr: '' });
      expect(await lastRecord()).to.include({ event: 'trial.end', outcome: 'completed' });
      expect((await lockstep(cwd, 'verify')).code).to.equal(0);
    });
  });
});
