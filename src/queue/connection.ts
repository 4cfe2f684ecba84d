import { readFile } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { LockstepError } from '../protocol/index.js';

/** What ioredis and BullMQ are given. */
interface Connection {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca?: string };
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

/** Where a queue is, and how to get in. */
export interface QueueAddress {
  /** As it may be shown: without user and password. */
  readonly shown: string;
  readonly options: Connection;
  /** What no message may repeat. */
  readonly secrets: readonly string[];
}

/** The most milliseconds before a lost connection is tried again. */
const longestPause = 2000;

/** A name for all of Lockstep's keys, so that an ACL can allow no others: `~lockstep:*`. */
export const keyPrefix = 'lockstep';

/** Variables that programs which train have no use for. */
const user = 'LOCKSTEP_REDIS_USERNAME';
const password = 'LOCKSTEP_REDIS_PASSWORD';

/**
 * Reads `redis://host:port/database` or, with TLS, `rediss://…`. User and password come from variables: other users of a machine can
 * read arguments.
 * @throws LockstepError `usage` for another address, and for one with a password, which is not repeated
 */
export async function queueAddress(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<QueueAddress> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = /^\/?(\d*)$/.exec(url?.pathname ?? '-')?.[1];
  const isAddress =
    (url?.protocol === 'redis:' || url?.protocol === 'rediss:') &&
    url.hostname !== '' &&
    url.search === '' &&
    database !== undefined;
  if (!isAddress) {
    throw new LockstepError(
      'usage',
      `--queue: expected redis://host:port or rediss://host:port, got ${redact(text, [])}`,
    );
  }
  const { protocol, hostname, port, username, password: typed } = url;
  if (username !== '' || typed !== '') {
    throw new LockstepError(
      'usage',
      `--queue: expected an address without user and password, got one with them at ${hostname}`,
      {
        hint: `Set ${user} and ${password}, in the environment or in the file of LOCKSTEP_SECRETS.`,
      },
    );
  }
  const secret = variables[password];
  const ca = variables.LOCKSTEP_REDIS_CA;
  return {
    shown: `${protocol}//${hostname}:${port === '' ? '6379' : port}${database === '' ? '' : `/${database}`}`,
    options: {
      // Without the brackets of an IPv6 address.
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? 6379 : Number(port),
      db: database === '' ? 0 : Number(database),
      ...(variables[user] !== undefined && { username: variables[user] }),
      ...(secret !== undefined && { password: secret }),
      ...(protocol === 'rediss:' && { tls: ca === undefined ? {} : { ca: await readCa(ca) } }),
      maxRetriesPerRequest: null,
      retryStrategy: (times: number) => Math.min(times * 200, longestPause),
    },
    secrets: secret === undefined ? [] : [secret],
  };
}

async function readCa(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LockstepError('usage', `LOCKSTEP_REDIS_CA: cannot read ${path}`, { cause });
  });
}

/** A text without users and passwords in URLs, and without secrets. */
export function redact(text: string, secrets: readonly string[]): string {
  const plain = secrets
    .filter((secret) => secret !== '')
    .reduce((all, secret) => all.replaceAll(secret, '…'), text);
  return plain.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1…@');
}

/**
 * An error of Redis as a LockstepError, by its message alone: the error itself has the arguments of the command, a password among
 * them.
 */
export function queueError(error: unknown, { shown, secrets }: QueueAddress): LockstepError {
  const { message, code = '' } = error as Partial<NodeJS.ErrnoException>;
  const text = redact(message === undefined || message === '' ? code : message, secrets);
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(text)) {
    return new LockstepError('usage', `${shown}: ${text}`, {
      hint: `Check ${user} and ${password}, and what the user may do.`,
    });
  }
  return new LockstepError('worker', `${shown}: ${text}`, {
    hint: 'Check that Redis is up and can be reached from this machine, then try again.',
  });
}

/**
 * Connects once, so that what is wrong is said at once and not tried for ever.
 * @returns a connection that does not come back by itself
 * @throws LockstepError `usage` where Redis refuses, `worker` where it cannot be reached
 */
export async function connectOnce(address: QueueAddress): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const connection = new Redis({
    ...address.options,
    ...{ lazyConnect: true, retryStrategy: () => null, connectTimeout: 10_000 },
  });
  let first: Error | undefined;
  connection.on('error', (error: Error) => {
    first ??= error;
  });
  try {
    await connection.connect();
    await connection.ping();
    return connection;
  } catch (error) {
    connection.disconnect();
    // The connection's own error says more than that it was closed.
    throw queueError(first ?? error, address);
  }
}
