import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { axePath, browserForSuite } from '../support/browser.js';
import { racedRun } from '../support/raced-run.js';
import { syntheticPage } from '../support/report-page.js';
import type { SyntheticRun } from '../support/synthetic-run.js';

const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
const hostile = `<img src=x onerror="alert(1)">"'\`&</script><script>alert(2)</script>`;
const rates = [0.005, 0.03, 0.1];
const dropouts = [0, 0.2];

const runs: Record<string, SyntheticRun> = {
  'one comparison': { seeds, steps: 50 },
  'a sweep': {
    seeds: [1, 2, 3, 4, 5, 6, 7],
    points: rates.flatMap((rate) =>
      dropouts.map((dropout) => ({
        'training.optimizer.learningRate': rate,
        'variants.relu.dropout.rate': dropout,
      })),
    ),
  },
  'data sets': {
    seeds: [1, 2, 3],
    overrides: ['data.dataset=path', 'data.path=/tables/iris'],
    points: ['iris', 'wine'].map((name) => ({ 'data.path': `/tables/${name}` })),
  },
  'a race': racedRun(),
  'hostile labels': {
    seeds: [1, 2, 3, 4, 5, 6],
    overrides: [
      `variants.snn.label=${JSON.stringify(hostile)}`,
      `variants.relu.label=${JSON.stringify(`{{x}} ${'long '.repeat(22)}`)}`,
    ],
  },
};

describe('renderReportPage', () => {
  it('loads nothing from anywhere', async () => {
    const page = await syntheticPage(runs['one comparison']!);
    expect(page).not.to.match(/(?:src|href|action|poster)="(?!#)/);
    expect(page).not.to.match(/@import|url\(/);
  });

  it('takes less than 2 MB for 20 seeds', async () => {
    const page = await syntheticPage({ seeds, steps: 500 });
    expect(Buffer.byteLength(page)).to.be.below(2e6);
  });

  it('writes numbers in drawings with all their digits', async () => {
    const page = await syntheticPage(runs['a sweep']!);
    expect(page).to.match(/<text[^>]*>0\.005<\/text>/);
    expect(page).to.match(/<text[^>]*>learningRate 0\.005, rate 0\.2<\/text>/);
    expect(page).not.to.match(/<path[^>]*\d\.\d{3}/);
  });

  it('renders the same run to the same bytes', async () => {
    const run = { seeds: [1, 2, 3] };
    expect(await syntheticPage(run)).to.equal(await syntheticPage(run));
  });
});

describe('renderReportPage in Chromium', function () {
  this.timeout(60_000);
  const browser = browserForSuite();

  /** What the page asked for and complained about must be empty. */
  async function open(html: string, width: number, colorScheme: 'light' | 'dark' = 'light') {
    const page = await browser().newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => complaints.push(request.url()));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    await page.setContent(html);
    return { page, complaints };
  }

  for (const [name, widths] of [
    ['one comparison', [1280, 390]],
    ['a sweep', [390]],
    ['data sets', [390]],
    ['hostile labels', [1280]],
  ] as const) {
    for (const width of widths) {
      const scheme = width === 1280 ? 'light' : 'dark';
      it(`is clean to axe and as wide as the screen: ${name}, ${width} pixels, ${scheme}`, async () => {
        const { page, complaints } = await open(await syntheticPage(runs[name]!), width, scheme);
        const scrolled = await page.evaluate('document.documentElement.scrollWidth');
        expect(scrolled).to.equal(width);
        await page.evaluate(
          'document.querySelectorAll("details").forEach((d) => { d.open = true; })',
        );
        expect(await axeViolations(page)).to.deep.equal([]);
        expect(complaints).to.deep.equal([]);
        expect((await page.screenshot({ fullPage: true })).length).to.be.above(50_000);
        await page.close();
      });
    }
  }

  it('says the verdict first, then draws and tabulates', async () => {
    const { page } = await open(await syntheticPage(runs['one comparison']!), 1280);
    const text = async (selector: string) => (await page.textContent(selector))?.trim();
    expect(await text('main section:first-child h2')).to.equal('Better');
    expect(await text('.sentence')).to.match(/^SNN beats ReLU by .* 20 of 20 seeds\.$/);
    expect(await page.locator('figure svg:visible').count()).to.equal(6);
    expect(await page.locator('figure .wide svg [data-tip]').count()).to.be.above(60);
    for (const svg of await page.locator('figure svg:visible').all()) {
      expect((await svg.getAttribute('aria-label'))?.length).to.be.above(5);
    }
    await page.close();
  });

  it('shows what a mark stands for under the pointer', async () => {
    const { page } = await open(await syntheticPage(runs['one comparison']!), 1280);
    await page.locator('figure .wide svg [data-tip]').first().hover();
    expect(await page.textContent('.tip:visible')).to.match(/^seed 1: ReLU [\d.]+, SNN [\d.]+$/);
    await page.close();
  });

  it('opens the data of a figure by the keyboard', async () => {
    const { page } = await open(await syntheticPage(runs['one comparison']!), 1280);
    const first = page.locator('figure details').first();
    await first.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await first.locator('tbody tr').count()).to.equal(20);
    expect(await first.locator('table').isVisible()).to.equal(true);
    await page.close();
  });

  it('shows hostile labels as the text they are', async () => {
    const { page } = await open(await syntheticPage(runs['hostile labels']!), 1280);
    expect(await page.locator('img').count()).to.equal(0);
    expect(await page.locator('script').count()).to.equal(1);
    expect(await page.textContent('h1')).to.contain(hostile);
    await page.close();
  });

  it('prints in light colours, without navigation', async () => {
    const { page } = await open(await syntheticPage(runs['one comparison']!), 1280, 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('nav').isVisible()).to.equal(false);
    const ink = await page.evaluate('getComputedStyle(document.body).color');
    expect(ink).to.equal('rgb(22, 25, 29)');
    expect((await page.pdf()).length).to.be.above(20_000);
    await page.close();
  });
});

async function axeViolations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's own policy does not bind.
  const { readFile } = await import('node:fs/promises');
  await page.evaluate(await readFile(axePath, 'utf8'));
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  }>("axe.run({ resultTypes: ['violations'] })");
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
  );
}
