import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

// The compiled test runs from dist/test/docs.
const root = fileURLToPath(new URL('../../..', import.meta.url));
const inDocs = (await readdir(join(root, 'docs'), { recursive: true })).map(
  (name) => `docs/${name}`,
);
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs].filter((name) =>
  name.endsWith('.md'),
);

/** The anchors GitHub gives to a document's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links of the documentation', () => {
  for (const document of documents) {
    it(`${document} links to files and headings that exist`, async () => {
      const text = await readFile(join(root, document), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^()\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? join(root, document) : join(root, dirname(document), path);
        expect(existsSync(file), `${document}: ${target}`).to.equal(true);
        if (anchor === undefined) continue;
        expect(anchorsOf(await readFile(file, 'utf8')), target).to.include(anchor);
      }
    });
  }
});
