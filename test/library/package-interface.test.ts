import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { formatMessage } from 'publint/utils';
import { publint } from 'publint';
import { apiEntries, matchesApiReport } from '../support/api-report.js';

// The compiled test runs from dist/test/library.
const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the interface of the package', () => {
  for (const entry of apiEntries) {
    it(`is that of docs/api/${entry}.api.md; after a wanted change run \`npm run api\``, () => {
      expect(matchesApiReport(entry, false)).to.equal(true);
    });
  }

  it('gives publint nothing to complain about', async () => {
    const { messages, pkg } = await publint({ pkgDir: root, level: 'suggestion', pack: false });
    expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([]);
  });
});
