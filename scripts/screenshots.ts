/**
 * Takes the pictures of the live page for README and docs: `npm run screenshots`. Trains a small run for it.
 *
 *     --config NAME   what to train (default mlp)
 *     --seeds TEXT    (default 1..8)
 *     --set TEXT      an override; again for more
 *     --run DIR       show this run instead of training one
 *     --out DIR       where the pictures go (default docs/images)
 *     --all           also the list, the comparison and the page at 320, 800 and 1600 pixels, to be looked at
 */
import { basename, dirname, join, resolve } from 'node:path';
import { mkdir, realpath } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { RunServer } from '../src/app/serve/server.js';
import { launchBrowser } from '../test/support/browser.js';
import { withTemporaryFolder } from '../test/support/temporary-folder.js';
import { startLockstep } from './tail/lockstep.js';

const { values: flags } = parseArgs({
  options: {
    config: { type: 'string', default: 'mlp' },
    seeds: { type: 'string', default: '1..8' },
    set: { type: 'string', multiple: true, default: [] },
    run: { type: 'string' },
    out: { type: 'string', default: 'docs/images' },
    all: { type: 'boolean', default: false },
  },
});
const token = 'for the pictures only';
const schemes = ['light', 'dark'] as const;

async function train(out: string): Promise<string> {
  const run = startLockstep(
    ...['run', flags.config, '--engine', 'wasm', '--seeds', flags.seeds, '--out', out, '--quiet'],
    ...flags.set.flatMap((text) => ['--set', text]),
  );
  run.child.stdout.resume();
  const { code, stderr } = await run.ended;
  if (code !== 0) throw new Error(stderr);
  return realpath(join(out, 'latest'));
}

async function open(
  browser: Browser,
  address: string,
  size: { readonly width: number; readonly height: number; readonly scheme: 'light' | 'dark' },
): Promise<Page> {
  const { width, height, scheme } = size;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(address);
  if (/\/runs\/[^/]+$/.test(new URL(address).pathname)) {
    await page.waitForSelector('#verdict-place .verdict', { timeout: 120_000 });
    await page.waitForSelector('#chart canvas');
  }
  return page;
}

async function show(run: string): Promise<void> {
  const server = new RunServer({
    ...{ folder: dirname(run), host: '127.0.0.1', port: 0, token },
    control: { project: process.cwd(), env: process.env, onAudit: () => undefined },
    onFault: (text) => {
      console.error(text);
    },
  });
  const address = await server.start();
  const browser = await launchBrowser();
  const query = `?token=${encodeURIComponent(token)}`;
  const at = `${address}runs/${basename(run)}`;
  const out = resolve(flags.out);
  await mkdir(out, { recursive: true });
  try {
    for (const scheme of schemes) {
      const page = await open(browser, at + query, { width: 1100, height: 1400, scheme });
      // What decides, and how it got there: the rest is below.
      const end = await page.locator('#chart').boundingBox();
      const height = Math.ceil((end?.y ?? 800) + (end?.height ?? 0) + 16);
      await page.screenshot({
        path: join(out, `serve-${scheme}.png`),
        clip: { x: 0, y: 0, width: 1100, height },
      });
      await page.close();
    }
    for (const width of flags.all ? [320, 800, 1600] : []) {
      for (const scheme of schemes) {
        const views = { run: at, list: address, files: `${at}/files` };
        for (const [name, view] of Object.entries(views)) {
          const page = await open(browser, view + query, { width, height: 900, scheme });
          if (name === 'list') await page.click('summary');
          const path = join(out, `${name}-${width}-${scheme}.png`);
          await page.screenshot({ path, fullPage: true });
          await page.close();
        }
      }
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

if (flags.run === undefined) await withTemporaryFolder(async (folder) => show(await train(folder)));
else await show(await realpath(flags.run));
