import { expect } from 'chai';
import { queueAddress, queueError, redact } from '../../src/queue/connection.js';
import { isServed, parseJob } from '../../src/queue/trial-job.js';
import { expectError } from '../support/expect-error.js';

describe('the address of a queue', () => {
  it('names host, port and database; user and password come from variables', async () => {
    const variables = { LOCKSTEP_REDIS_USERNAME: 'lab', LOCKSTEP_REDIS_PASSWORD: 'hidden' };
    const address = await queueAddress('rediss://queue.lab:7000/2', variables);
    expect(address.shown).to.equal('rediss://queue.lab:7000/2');
    expect(address.options).to.deep.include({
      ...{ host: 'queue.lab', port: 7000, db: 2, username: 'lab', password: 'hidden', tls: {} },
    });
    const plain = await queueAddress('redis://[::1]', {});
    expect(plain.shown).to.equal('redis://[::1]:6379');
    expect(plain.options).to.include({ host: '::1', port: 6379, db: 0 });
    expect(plain.options).not.to.have.any.keys('password', 'username', 'tls');
  });

  it('is refused where it has a password or is another kind of address, without repeating it', async () => {
    for (const text of [
      'redis://:hidden@host',
      'redis://lab:hidden@host:1',
      'http://lab:hidden@host',
      'redis://host/x',
      'redis://host?password=1',
      'redis:',
      'host:6379',
    ]) {
      const error = await expectError('usage', /^--queue: expected/, () => queueAddress(text, {}));
      expect(`${error.message} ${error.hint ?? ''}`).not.to.include('hidden');
    }
  });

  it('is in errors, but no password: neither the argument of a command nor one in a message', async () => {
    const address = await queueAddress('redis://host', { LOCKSTEP_REDIS_PASSWORD: 'hidden' });
    const cause = Object.assign(new Error('WRONGPASS invalid hidden at redis://a:hidden@b'), {
      command: { name: 'auth', args: ['hidden'] },
    });
    const refused = queueError(cause, address);
    expect(refused.code).to.equal('usage');
    expect(JSON.stringify([refused, refused.message, refused.stack])).not.to.include('hidden');
    expect(refused.cause).to.equal(undefined);
    expect(queueError(new Error('connect ECONNREFUSED'), address).code).to.equal('worker');
    expect(redact('see redis://u:p@h and s3://b/x', [])).to.equal('see redis://…@h and s3://b/x');
  });
});

describe('a job', () => {
  it('is a store and an index, and nothing else', async () => {
    expect(parseJob({ store: '/s/run', index: 3 })).to.deep.equal({ store: '/s/run', index: 3 });
    for (const job of [
      null,
      {},
      { store: '/s', index: -1 },
      { store: '/s', index: '1' },
      { store: '', index: 1 },
      { store: '/s', index: 1, run: 'rm' },
    ]) {
      await expectError('usage', /^job: /, () => parseJob(job));
    }
  });

  it('is refused where its run is not directly below the store that a worker serves', () => {
    for (const [store, served] of [
      ['/s/run', '/s'],
      ['/s/run', '/s/run'],
      ['s3://b/lab/run', 's3://b/lab/'],
    ] as const) {
      expect(isServed(store, served), store).to.equal(true);
    }
    for (const [store, served] of [
      ['/other/run', '/s'],
      ['/s2/run', '/s'],
      ['/s/../etc', '/s'],
      ['/s/..', '/s'],
      ['/s/a/b', '/s'],
      ['/s/', '/s'],
      ['s3://b/run', '/s'],
      ['s3://other/lab/run', 's3://b/lab'],
    ] as const) {
      expect(isServed(store, served), store).to.equal(false);
    }
  });
});
