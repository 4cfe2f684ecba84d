import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './versitygw.js';

/** What the tests' servers want to hear. */
export const redisPassword = 'a-password-of-the-tests';

/** A server with the durability settings that docs/machines.md asks for. */
export interface RedisServer {
  /** Without a password. */
  readonly url: string;
  /** Sends a command. @returns what the server answered, as it is */
  command(...words: string[]): Promise<string>;
  /** Ends it; what it has been told is kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-redis-'));
  const port = await freePort();
  let server: ChildProcess | undefined;
  const command = (...words: string[]) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').once('error', reject);
      const encode = (all: readonly string[]) =>
        `*${all.length}\r\n${all.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
      let answer = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      socket.once('close', () => {
        resolve(answer.replace(/^\+OK\r\n/, '').replace(/\+OK\r\n$/, ''));
      });
      socket.write(encode(['AUTH', redisPassword]) + encode(words) + encode(['QUIT']));
    });
  const redis: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    command,
    async start() {
      server = spawn(
        'redis-server',
        [
          ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
          ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
          ...['--maxmemory-policy', 'noeviction', '--requirepass', redisPassword],
        ],
        { stdio: 'ignore' },
      );
      for (let tries = 0; ; tries += 1) {
        const answer = await command('PING').catch(() => '');
        if (answer.includes('PONG')) return;
        if (tries === 100) throw new Error('expected redis-server to answer within 10 s');
        await sleep(100);
      }
    },
    async stop() {
      if (server?.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    },
    async remove() {
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

/**
 * Starts redis-server before the tests of the suite that calls this, and ends it after them; they are skipped where it is
 * not installed.
 */
export function redisForSuite(): () => RedisServer {
  let redis: RedisServer | undefined;
  before(async function () {
    this.timeout(30_000);
    if (spawnSync('redis-server', ['--version']).status !== 0) {
      const reason = 'no redis-server (apt-get install redis-server)';
      if (process.env.LOCKSTEP_REQUIRE_REDIS) throw new Error(reason);
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    redis = await startRedis();
  });
  after(() => redis?.remove());
  return () => redis!;
}
