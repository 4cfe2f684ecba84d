import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { download, getBytes, getText } from '../../src/store/contents.js';
import { openStore, storeBelow } from '../../src/store/open-store.js';
import { s3Settings, s3Store } from '../../src/store/s3-store.js';
import type { Store } from '../../src/store/store.js';
import { expectError } from '../support/expect-error.js';
import { s3ForSuite } from '../support/versitygw.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

/** What every store does. @param open opens the same store again at each call */
function keepsTheContract(open: () => Promise<Store>): void {
  it('gives what was put, replaces it, lists it by folder and removes it', async () => {
    const store = await open();
    expect(await store.get('one/a')).to.equal(undefined);
    await store.put('one/a', 'first');
    await store.put('one/a', Buffer.from([0, 255, 10]));
    await store.put('one/b c+d%é', 'ü');
    await store.put('one/deeper/x', '');
    await store.put('onerous', 'no');
    expect(await getBytes(store, 'one/a')).to.deep.equal(Buffer.from([0, 255, 10]));
    expect(await getText(store, 'one/b c+d%é')).to.equal('ü');
    expect(await getText(store, 'one/deeper/x')).to.equal('');
    expect(await store.list('one')).to.deep.equal(['one/a', 'one/b c+d%é', 'one/deeper/x']);
    expect(await store.list('nothing')).to.deep.equal([]);
    await store.delete('one/a');
    await store.delete('one/a');
    expect(await store.get('one/a')).to.equal(undefined);
    expect(await store.list('one')).to.have.length(2);
  });

  it('makes an object once, whichever of 20 tries at once comes first', async () => {
    const store = await open();
    const tries = Array.from({ length: 20 }, async (_, index) => {
      const isMade = await (await open()).putOnce('race/claim', `try ${index}`);
      return { index, isMade };
    });
    const made = (await Promise.all(tries)).filter(({ isMade }) => isMade);
    expect(made).to.have.length(1);
    expect(await getText(store, 'race/claim')).to.equal(`try ${made[0]!.index}`);
    expect(await store.putOnce('race/claim', 'late')).to.equal(false);
  });

  it('streams parts of files, and several objects into one file', async () => {
    await withTemporaryFolder(async (folder) => {
      const store = await open();
      const path = join(folder, 'file');
      await writeFile(path, Buffer.alloc(300_000, 'abcdefghij'));
      await store.put('parts/1', { path, end: 100_000 });
      await store.put('parts/2', { path, start: 100_000 });
      await store.put('parts/3', { path, start: 300_000 });
      const copy = join(folder, 'copy');
      const names = await store.list('parts');
      expect(await download(store, names, copy)).to.equal(true);
      expect((await readFile(copy)).equals(await readFile(path))).to.equal(true);
      const none = join(folder, 'none');
      expect(await download(store, ['parts/1', 'parts/9'], none)).to.equal(false);
      await expectMissing(none);
    });
  });

  it('refuses names that lead out of it', async () => {
    const store = await open();
    for (const name of [
      '..',
      '../x',
      'a/../b',
      '/a',
      'a//b',
      '',
      './a',
      'a\\b',
      'a\nb',
      'a\ud800',
    ]) {
      const message = /expected the name of an object in a store/;
      await expectError('usage', message, async () => store.put(name, ''));
      await expectError('usage', message, async () => store.get(name));
      await expectError('usage', message, async () => store.list(name));
    }
  });
}

async function expectMissing(path: string): Promise<void> {
  const found = await readFile(path).then(
    () => true,
    () => false,
  );
  expect(found, path).to.equal(false);
}

describe('a store in a folder', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const open = () => openStore('store', { cwd: folder, env: {} });
  keepsTheContract(open);

  it('lists no file that is being written, or was when its writer was killed', async () => {
    const store = await open();
    await store.put('torn/whole', 'x');
    await mkdir(join(folder, 'store/torn'), { recursive: true });
    await writeFile(join(folder, 'store/torn/whole.12.0.tmp'), 'half');
    await writeFile(
      join(folder, 'store/torn/claim.0b0b0b0b-1111-2222-3333-444444444444.tmp'),
      'half',
    );
    expect(await store.list('torn')).to.deep.equal(['torn/whole']);
  });

  it('is refused where the address is of another kind', async () => {
    for (const address of ['http://host/x', 's3://', 's3:///x', 's3://b', 's3://UPPER/x']) {
      await expectError('usage', 'expected a store, a folder or s3://bucket/prefix, got', () =>
        openStore(address, { cwd: folder, env: {} }),
      );
    }
  });
});

describe('a store in S3', function () {
  this.timeout(60_000);
  const service = s3ForSuite();
  const open = (more: Record<string, string> = {}) =>
    openStore('s3://runs/some/prefix', {
      cwd: '/',
      env: { XDG_CONFIG_HOME: '/nowhere', ...service().variables, ...more },
    });
  keepsTheContract(() => open());

  it('lists more than a page', async () => {
    const store = await open();
    const names = Array.from({ length: 1005 }, (_, at) => `many/${String(at).padStart(4, '0')}`);
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => store.put(name, '')));
    }
    expect(await store.list('many')).to.deep.equal(names);
  });

  it('names what keeps it out, but never a key', async () => {
    const wrong = await open({ AWS_SECRET_ACCESS_KEY: 'not-the-secret' });
    const error = await expectError('usage', /s3:\/\/runs\/some\/prefix\/x: .* HTTP 403/, () =>
      wrong.put('x', ''),
    );
    expect(JSON.stringify([error.message, error.hint, error.stack])).not.to.match(
      /not-the-secret|tester/,
    );
    const absent = openStore(storeBelow('s3://no-such-bucket', 'a'), {
      cwd: '/',
      env: { XDG_CONFIG_HOME: '/nowhere', ...service().variables },
    });
    await expectError('usage', /NoSuchBucket|HTTP 404|expected a bucket/, async () =>
      (await absent).get('x'),
    );
  });
});

describe('a store in S3 that cannot be reached', function () {
  this.timeout(30_000);
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'hidden', XDG_CONFIG_HOME: '/no' };
  const open = (more: Record<string, string>) =>
    openStore('s3://runs', { cwd: '/', env: { ...keys, ...more } });

  const at = (endpoint: string) =>
    s3Store({
      ...s3Settings('runs', '', { ...keys, AWS_ENDPOINT_URL: endpoint }),
      firstPause: 1,
    });

  it('is refused without keys, and with an endpoint that has a user', async () => {
    await expectError('usage', 'expected the variable AWS_ACCESS_KEY_ID, got none', () =>
      openStore('s3://runs', { cwd: '/', env: { XDG_CONFIG_HOME: '/no' } }),
    );
    const refused = await expectError('usage', 'AWS_ENDPOINT_URL: expected a URL', () =>
      open({ AWS_ENDPOINT_URL: 'http://user:hidden@host' }),
    );
    expect(refused.message).not.to.include('hidden');
  });

  it('is asked again; where it made an object whose answer was lost, it is not taken for another’s', async () => {
    let content: string | undefined;
    let asked = 0;
    // Loses the answer to the first request that makes the object.
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        asked += 1;
        if (request.method === 'GET') response.end(content);
        else if (content !== undefined) response.writeHead(412).end();
        else {
          content = body;
          request.socket.destroy();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const store = await at(`http://127.0.0.1:${port}`);
      expect(await store.putOnce('claim', 'mine')).to.equal(true);
      expect(asked).to.equal(3);
      expect(await store.putOnce('claim', 'other')).to.equal(false);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const gone = await at('http://127.0.0.1:9');
    await expectError('worker', 's3://runs/x: GET failed: ECONNREFUSED', () => gone.get('x'));
  });
});
