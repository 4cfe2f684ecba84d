import { appendFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { RunServer } from '../../../src/app/serve/server.js';
import { axePath, browserForSuite } from '../../support/browser.js';
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
