import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const candidates = [
  process.env.LOCKSTEP_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executable = candidates.find((path) => path !== undefined && existsSync(path));

/** Why tests in a browser are skipped here; undefined where they run. */
function whyNoBrowser(): string | undefined {
  if (executable !== undefined) return undefined;
  const reason = 'no chromium (apt-get install chromium, or name one with LOCKSTEP_CHROMIUM)';
  if (process.env.LOCKSTEP_REQUIRE_CHROMIUM) throw new Error(reason);
  return reason;
}

/** Headless, and unable to reach anything but files. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable!,
    // Chromium's own sandbox does not work for root, which containers run tests as.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/**
 * Launches a browser before the tests of the suite that calls this, and closes it after them; they are skipped
 * where there is none.
 * @returns gives it to a test
 */
export function browserForSuite(): () => Browser {
  let browser: Browser | undefined;
  before(async function () {
    const reason = whyNoBrowser();
    if (reason !== undefined) {
      console.log(`      skipped: ${reason}`);
      this.skip();
    }
    browser = await launchBrowser();
  });
  after(() => browser?.close());
  return () => browser!;
}

/** The source of axe-core, to be evaluated in a page. */
export const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
