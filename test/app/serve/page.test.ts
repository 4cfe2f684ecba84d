import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { RunServer } from '../../../src/app/serve/server.js';
import { axePath, browserForSuite } from '../../support/browser.js';
import { lockstep, onlyRun, startLockstepGroup } from '../../support/lockstep.js';
import { trialRecords } from '../../support/log-records.js';
import { writeMadeUpRun } from '../../support/made-up-run.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

describe('the served pages in Chromium', function () {
  this.timeout(120_000);
  const browser = browserForSuite();

  it('show a run that begins, grows and ends, without being loaded again', () =>
    withTemporaryFolder(async (folder) => {
      const onFault = (text: string) => complaints.push(text);
      const complaints: string[] = [];
      const options = { folder, host: '127.0.0.1', port: 0, token: undefined, onFault };
      let server = new RunServer(options);
      const address = await server.start();
      try {
        const context = await browser().newContext({ viewport: { width: 1280, height: 900 } });
        const page = await context.newPage();
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(String(error)));
        await page.goto(address);
        expect(await page.textContent('#count')).to.equal('0 runs');

        const records = trialRecords({ steps: 6 });
        const run = await writeMadeUpRun(folder, [{ records: records.slice(0, 3) }]);
        const log = join(run, 'trials/0000/log.ndjson');
        await page.click(`a[href="/runs/${basename(run)}"]`);
        await page.waitForSelector('text=2 of 6');
        await page.waitForSelector('#chart canvas');
        expect(await page.locator('#measure option').allTextContents()).to.deep.equal([
          'minibatch loss',
          'minibatch accuracy',
        ]);
        await page.waitForSelector('#verdict-place .verdict');
        expect(await page.textContent('#verdict-place')).to.include('Interim:');

        await appendFile(log, `${JSON.stringify(records[3])}\n`);
        await page.waitForSelector('text=3 of 6');
        await page.selectOption('#measure', { label: 'minibatch accuracy' });
        await page.check('#log');
        await page.waitForSelector('#chart canvas');

        // A server that was away and is back.
        const { port } = new URL(address);
        await server.close();
        await page.waitForSelector('text=no connection to the server');
        server = new RunServer({ ...options, port: Number(port) });
        await server.start();
        const rest = records.slice(4).map((record) => `${JSON.stringify(record)}\n`);
        await appendFile(log, rest.join(''));
        await page.waitForSelector('text=6 of 6');
        await page.waitForSelector('text=trial: 1 completed');
        const expected = complaints.filter((text) => !text.includes('ERR_'));
        expect(expected).to.deep.equal([]);
        await context.close();
      } finally {
        await server.close();
      }
    }));

  it('follow a real run through kill -9, its resume and a restart of the server, to the verdict of `report`', () =>
    withTemporaryFolder(async (cwd) => {
      const folder = join(cwd, 'runs');
      await mkdir(folder);
      const options = {
        ...{ folder, host: '127.0.0.1', port: 0, token: undefined },
        onFault: (text: string) => expect.fail(text),
      };
      let server = new RunServer(options);
      const address = await server.start();
      // For what the test evaluates, alone.
      const page = await browser().newPage({ bypassCSP: true });
      const settings = ['training.steps=120', 'checkpoint.every=20'];
      const training = startLockstepGroup(
        cwd,
        ...['run', 'debug', '--engine', 'wasm', '--seeds', '1,2', '--quiet'],
        ...settings.flatMap((text) => ['--set', text]),
      );
      try {
        await page.goto(address);
        await page.click('a[href^="/runs/"]', { timeout: 30_000 });
        await page.evaluate('window.isTheSame = true');
        // The curve grows: its table says where each trial stands.
        const farther = (least: number) =>
          page.waitForFunction(
            `[...document.querySelectorAll('#live-trials td:last-child')].some(({ textContent }) => parseInt(textContent) >= ${least})`,
          );
        await farther(1);
        await page.waitForSelector('#chart canvas');
        await farther(25);
        process.kill(-training.child.pid!, 'SIGKILL');
        await training.finished;
        await server.close();
        await page.waitForSelector('text=no connection to the server');
        server = new RunServer({ ...options, port: Number(new URL(address).port) });
        await server.start();

        const run = await onlyRun(cwd);
        const { code, stderr } = await lockstep(cwd, 'resume', run, '--quiet');
        expect(code, stderr).to.equal(0);
        await page.waitForSelector('text=trials: 2 completed');
        expect((await lockstep(cwd, 'report', run)).code).to.equal(0);
        const { headline } = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as {
          headline: { sentence: string };
        };
        // The page has what cannot be decided yet in a line of its own.
        const plain = (text: string) => text.trim().replaceAll('−', '-').replace(/\.$/, '');
        const shown = page.locator('#verdict-place:not(:has(.interim)) .verdict .sentence');
        await shown.waitFor({ timeout: 90_000 });
        expect(plain(headline.sentence)).to.include(plain((await shown.textContent())!));
        expect(await page.evaluate('window.isTheSame')).to.equal(true);
      } finally {
        training.child.kill('SIGKILL');
        await page.close();
        await server.close();
      }
    })).timeout(240_000);

  for (const [width, colorScheme] of [
    [1280, 'light'],
    [320, 'dark'],
  ] as const) {
    it(`are clean to axe and no wider than the screen: ${width} pixels, ${colorScheme}`, () =>
      withTemporaryFolder(async (folder) => {
        const run = await writeMadeUpRun(folder, [{ records: trialRecords({ steps: 6 }) }]);
        const server = new RunServer({
          ...{ folder, host: '127.0.0.1', port: 0, token: undefined },
          onFault: (text) => expect.fail(text),
        });
        const address = await server.start();
        try {
          const context = await browser().newContext({
            ...{ viewport: { width, height: 900 }, colorScheme },
            // For axe alone.
            bypassCSP: true,
          });
          const page = await context.newPage();
          const id = basename(run);
          for (const path of [
            '',
            `runs/${id}`,
            `runs/${id}/files`,
            `compare?run=${id}&run=${id}`,
          ]) {
            await page.goto(address + path);
            if (path.startsWith('runs') && !path.endsWith('files')) {
              await page.waitForSelector('#verdict-place .verdict');
              await page.waitForSelector('#chart canvas');
            }
            expect(await page.evaluate('document.documentElement.scrollWidth'), path).to.equal(
              width,
            );
            await page.addScriptTag({ path: axePath });
            const violations = await page.evaluate<string[]>(
              'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target).join(", ")))',
            );
            expect(violations, path).to.deep.equal([]);
          }
          await context.close();
        } finally {
          await server.close();
        }
      }));
  }
});
