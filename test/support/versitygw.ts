import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const own = fileURLToPath(new URL('../../../.cache/bin/versitygw', import.meta.url));
const candidates = [
  process.env.LOCKSTEP_VERSITYGW,
  ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'versitygw')),
  own,
];
const program = candidates.find((path) => path !== undefined && existsSync(path));

/** A service that speaks S3's protocol, with one bucket, `runs`. */
export interface S3Service {
  /** What reaches it. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Starts versitygw before the tests of the suite that calls this, and ends it after them; they are skipped where it is
 * not installed.
 * @returns gives it to a test
 */
export function s3ForSuite(): () => S3Service {
  let server: ChildProcess | undefined;
  let folder: string | undefined;
  let service: S3Service | undefined;
  before(async function () {
    if (program === undefined) {
      const reason = 'no versitygw (bash scripts/install-versitygw.sh builds it with Go)';
      if (process.env.LOCKSTEP_REQUIRE_S3) throw new Error(reason);
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    this.timeout(30_000);
    folder = await mkdtemp(join(tmpdir(), 'lockstep-s3-'));
    await mkdir(join(folder, 'runs'));
    const port = await freePort();
    const keys = { access: 'tester', secret: 'a-secret-of-the-tests' };
    const flags = ['--access', keys.access, '--secret', keys.secret];
    server = spawn(program, [...flags, '--port', `127.0.0.1:${port}`, 'posix', folder], {
      stdio: 'ignore',
    });
    const endpoint = `http://127.0.0.1:${port}`;
    for (let tries = 0; ; tries += 1) {
      const isUp = await fetch(endpoint).then(
        () => true,
        () => false,
      );
      if (isUp) break;
      if (tries === 100) throw new Error('expected versitygw to answer within 10 s');
      await sleep(100);
    }
    service = {
      variables: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: keys.access,
        AWS_SECRET_ACCESS_KEY: keys.secret,
        AWS_REGION: 'us-east-1',
      },
    };
  });
  after(async () => {
    server?.kill('SIGKILL');
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  return () => service!;
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => {
        resolve(port);
      });
    });
  });
}
