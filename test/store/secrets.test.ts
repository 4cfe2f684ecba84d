import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSecrets } from '../../src/store/secrets.js';
import { expectError } from '../support/expect-error.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

describe('secrets', () => {
  it('come from the environment, or else from a file that only its owner may read', async () => {
    await withTemporaryFolder(async (folder) => {
      await mkdir(join(folder, 'lockstep'));
      const path = join(folder, 'lockstep/secrets');
      await writeFile(path, '# keys\n\nAWS_ACCESS_KEY_ID=of=file\nA=1\n', { mode: 0o600 });
      const env = { XDG_CONFIG_HOME: folder, A: '2', B: undefined };
      expect(await readSecrets(env)).to.include({ AWS_ACCESS_KEY_ID: 'of=file', A: '2' });
      expect(await readSecrets({ LOCKSTEP_SECRETS: path })).to.include({ A: '1' });

      await chmod(path, 0o640);
      await expectError('usage', /secrets: expected .* \(mode 600\), got mode 640/, () =>
        readSecrets(env),
      );
    });
  });

  it('are optional, unless a file is named; a wrong line is not repeated', async () => {
    await withTemporaryFolder(async (folder) => {
      const env = { XDG_CONFIG_HOME: folder, A: '1' };
      expect(await readSecrets(env)).to.equal(env);
      const path = join(folder, 'file');
      await expectError('usage', `cannot read ${path}`, () =>
        readSecrets({ LOCKSTEP_SECRETS: path }),
      );
      await writeFile(path, 'A=1\nhunter2\n', { mode: 0o600 });
      const error = await expectError('usage', `${path}:2: expected NAME=value`, () =>
        readSecrets({ LOCKSTEP_SECRETS: path }),
      );
      expect(error.message).not.to.include('hunter2');
    });
  });
});
