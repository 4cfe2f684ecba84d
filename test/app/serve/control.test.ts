import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { listConfigurations, requireInward } from '../../../src/app/serve/configurations.js';
import { RunServer } from '../../../src/app/serve/server.js';
import { LockstepError } from '../../../src/protocol/index.js';
import { runHolder } from '../../../src/run/run-directory.js';
import { lockstep, onlyRun, startLockstep } from '../../support/lockstep.js';
import { writeSyntheticRun } from '../../support/synthetic-run.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const token = 'a token of these tests';

/** Sends a form as a program does. */
function post(address: string, path: string, form: Readonly<Record<string, string>> = {}) {
  return fetch(address + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { Authorization: `Bearer ${token}` },
    body: new URLSearchParams(form),
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 50) {
    if (waited > 30_000) throw new Error('it did not come about');
    await sleep(50);
  }
}

/** What the page shows of what was printed. */
function textOf(page: string): string {
  return page.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

describe('lockstep serve --control', function () {
  this.timeout(120_000);

  it('starts a run that goes on without the server, stops it as Ctrl-C does, and resumes it', () =>
    withTemporaryFolder(async (cwd) => {
      await mkdir(join(cwd, 'runs'));
      const serving = startLockstep(cwd, 'serve', '--control', '--token', token);
      let printed = '';
      serving.child.stdout!.on('data', (text: string) => (printed += text));
      await serving.saw(/http:\S+\n/);
      const [, first] = /^(http:\S+)\?/.exec(printed)!;
      const form = { config: 'debug', command: 'run', engine: 'wasm' };
      const steps = 'training.steps=120';

      const refused = await post(first!, 'start', { ...form, set: 'training.stepz=3' });
      expect(refused.status).to.equal(400);
      const { stderr } = await lockstep(cwd, 'run', 'debug', '--set', 'training.stepz=3');
      expect(textOf(await refused.text())).to.include(stderr.trim());

      const started = await post(first!, 'start', { ...form, set: steps });
      expect(started.status).to.equal(303);
      const run = await onlyRun(cwd);
      expect(started.headers.get('location')).to.equal(`/runs/${basename(run)}`);
      serving.child.kill('SIGTERM');
      const { stderr: audit } = await serving.finished;
      expect(audit).to.match(/Z POST \/start from 127\.0\.0\.1: accepted\n/);
      expect(audit).to.match(
        /lockstep run debug --set=training\.steps=120 .*: started as process \d+\n/,
      );
      const log = join(run, 'trials/0000/log.ndjson');
      await until(async () => (await readFile(log, 'utf8').catch(() => '')).includes('"step":20,'));

      const lines: string[] = [];
      const server = new RunServer({
        ...{ folder: join(cwd, 'runs'), host: '127.0.0.1', port: 0, token },
        control: { project: cwd, env: process.env, onAudit: (line) => lines.push(line) },
        onFault: (text) => expect.fail(text),
      });
      const address = await server.start();
      try {
        const at = `runs/${basename(run)}`;
        const pageOf = async () => {
          const headers = { Authorization: `Bearer ${token}` };
          return (await fetch(address + at, { headers })).text();
        };
        expect(await pageOf()).to.match(/action="[^"]*\/stop"/);
        // Twice is as good as once: the second of two Ctrl-C would end it without a checkpoint.
        expect((await post(address, `${at}/stop`)).status).to.equal(303);
        expect((await post(address, `${at}/stop`)).status).to.equal(303);
        await until(async () => (await runHolder(run)) === undefined);
        const stopped = (await readFile(log, 'utf8')).trim().split('\n').at(-1)!;
        expect(stopped).to.match(/"event":"trial\.end".*"outcome":"interrupted"/);
        expect((await post(address, `${at}/stop`)).status).to.equal(409);
        expect(await pageOf()).to.match(/action="[^"]*\/resume"[^]*Resume<\/button>/);

        const other = await post(address, `${at}/resume`, { jobs: 'many' });
        expect(other.status).to.equal(400);
        expect(await other.text()).to.include('--jobs: expected a whole number from 1');
        expect((await post(address, `${at}/resume`)).status).to.equal(303);
        await until(async () => (await readFile(log, 'utf8')).includes('"completed"'));
        await until(async () => (await runHolder(run)) === undefined);
        expect((await post(address, 'runs/none/resume')).status).to.equal(404);
        expect(lines.filter((line) => line.includes('was told to stop'))).to.have.length(1);
      } finally {
        await server.close();
      }
    }));

  it('starts nothing but configurations of the project and those shipped, and reads no other form', () =>
    withTemporaryFolder(async (cwd) => {
      const run = await writeSyntheticRun(cwd, { seeds: [1] });
      const server = new RunServer({
        ...{ folder: join(cwd, 'runs'), host: '127.0.0.1', port: 0, token },
        control: { project: cwd, env: process.env, onAudit: () => undefined },
        onFault: (text) => expect.fail(text),
      });
      const address = await server.start();
      try {
        for (const config of ['/etc/passwd', '../debug.yaml', '--help', '']) {
          const answer = await post(address, 'start', { config, command: 'run' });
          expect(answer.status, config).to.equal(400);
          expect(await answer.text()).to.include('expected a shipped configuration or a file');
        }
        const command = await post(address, 'start', { config: 'debug', command: 'import' });
        expect(await command.text()).to.include('command: expected run, sweep, decide, got import');
        const set = `variants.relu.program=["touch","${cwd}/made"]`;
        const program = await post(address, 'start', { config: 'debug', command: 'run', set });
        expect(await program.text()).to.include('expected no other program or file');
        for (const [body, type] of [
          ['{"config":"debug"}', 'application/json'],
          ['a'.repeat(70_000), 'application/x-www-form-urlencoded'],
        ] as const) {
          const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
          const answer = await fetch(`${address}start`, { method: 'POST', headers, body });
          expect(answer.status).to.equal(400);
        }
        // A lock is anybody's file, too: one that names a process it is not of stops nothing.
        const pid = process.pid;
        await writeFile(join(run, 'lock'), JSON.stringify({ pid, host: hostname() }));
        const stop = await post(address, `runs/${basename(run)}/stop`);
        expect(stop.status).to.equal(409);
        expect(await stop.text()).to.include('expected a lock that says whose it is');
      } finally {
        await server.close();
      }
    }));

  it('needs a token, on this machine as well', () =>
    withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await lockstep(cwd, 'serve', '.', '--control');
      expect(code).to.equal(2);
      expect(stderr).to.match(/--control: expected --token as well/);
    }));
});

describe('listConfigurations', () => {
  it('finds the YAML files of a project that are configurations', () =>
    withTemporaryFolder(async (cwd) => {
      for (const folder of ['deep/er/est', '.hidden', 'runs/a']) {
        await mkdir(join(cwd, folder), { recursive: true });
      }
      const text = 'extends: debug\n';
      for (const [file, content] of [
        ['own.yaml', text],
        ['deep/own.yml', 'name: x\nvariants: {}\n'],
        ['deep/er/est/too-deep.yaml', text],
        ['.hidden/own.yaml', text],
        ['runs/a/own.yaml', text],
        ['compose.yaml', 'services: {}\n'],
        ['notes.txt', text],
      ] as const) {
        await writeFile(join(cwd, file), content);
      }
      const { own, shipped } = await listConfigurations(cwd, join(cwd, 'runs'));
      expect(own).to.deep.equal(['deep/own.yml', 'own.yaml']);
      expect(shipped).to.include('tutorial');
    }));
});

describe('requireInward', () => {
  it('refuses overrides that name programs or files, wherever they stand', async () => {
    for (const set of [
      'variants.relu.program=[sh, -c, "true"]',
      'variants.relu={program: [x]}',
      'variants.relu.program.0=sh',
      'network.layers=[{kind: dense, program: [x]}]',
      'variants.new={program: [x]}',
      'variants.relu.module=other.mjs',
      'variants.relu.files=[/etc/hostname]',
      'data.path=/etc',
      'data={dataset: /etc, batchSize: 3}',
      'sweep={method: grid, parameters: {data.path: {values: [/etc, /tmp]}}}',
      'sweep={method: grid, parameters: {variants.relu.program: {values: [[a], [b]]}}}',
    ]) {
      const error: unknown = await requireInward('debug', [set], '/').then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error, set).to.be.instanceOf(LockstepError);
      expect((error as LockstepError).message).to.match(/: expected no other program or file/);
    }
  });

  it('lets through what changes the training, and what the configuration names itself', () =>
    withTemporaryFolder(async (cwd) => {
      await requireInward('debug', ['training.steps=3', 'data.batchSize=16'], cwd);
      await requireInward('debug', ['data.dataset=mnist', 'no.such=key'], cwd);
      const own = 'extends: debug\ndata: {path: .}\n';
      await writeFile(join(cwd, 'own.yaml'), own);
      await requireInward('./own.yaml', ['training.steps=3', `data.path=${cwd}`], cwd);
    }));
});
