import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
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

describe('docs/architecture.md', () => {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

  it('names folders and files that exist', () => {
    const paths = [...text.matchAll(/\b(?:src|workers|scripts|test|docs)\/[\w./-]*\w/g)];
    expect(paths).not.to.deep.equal([]);
    const missing = paths.map(([path]) => path).filter((path) => !existsSync(join(root, path)));
    expect([...new Set(missing)]).to.deep.equal([]);
  });

  it('says which file has a function, and it has', async () => {
    const named = [...text.matchAll(/`(?:\w+\.)?(\w+)` in \[([\w./-]+)\]/g)];
    expect(named).not.to.deep.equal([]);
    for (const [, name = '', path = ''] of named) {
      const source = await readFile(join(root, path), 'utf8');
      expect(source, `${name} in ${path}`).to.match(new RegExp(`^.*\\b${name}\\(.*\\{$`, 'm'));
    }
  });

  it('shows how a kind is added by commits that exist', function () {
    const commits = [...text.matchAll(/\| ([0-9a-f]{7}) (.+?) +\|$/gm)];
    expect(commits).not.to.deep.equal([]);
    const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
    // A package or a shallow clone has no history.
    if (git('rev-parse', '--is-shallow-repository').stdout.trim() !== 'false') this.skip();
    for (const [, hash = '', title] of commits) {
      expect(git('log', '-1', '--format=%s', hash).stdout.trim(), hash).to.equal(title);
      expect(git('merge-base', '--is-ancestor', hash, 'HEAD').status, hash).to.equal(0);
    }
  });
});
