import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { installPacked } from '../support/packed-package.js';
import { tinyRun } from '../support/tiny-run.js';

const run = promisify(execFile);

// The compiled test runs from dist/test/library.
const text = readFileSync(new URL('../../../docs/reading-logs.md', import.meta.url), 'utf8');

/** The programs of the document with what they print, by the heading they stand under. */
const examples = text
  .split(/^## /m)
  .slice(1)
  .map((chapter) => ({
    heading: chapter.slice(0, chapter.indexOf('\n')),
    program: /```ts\n(.*?)```/s.exec(chapter)?.[1] ?? '',
    output: /```text\n(.*?)```/s.exec(chapter)?.[1] ?? '',
  }));

/** Losses differ in their last digits between machines. */
function withoutFractions(output: string): string {
  return output
    .replaceAll(/-?\d+\.\d+/g, '<fraction>')
    .replaceAll(/\d+ of 10 steps/g, 'some steps');
}

describe('docs/reading-logs.md', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'lockstep-library-')));
    await tinyRun(folder);
    await installPacked(folder, ['rxjs', 'ajv', '@types/node', 'undici-types']);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [index, { program }] of examples.entries()) {
      await writeFile(join(folder, `example-${index}.ts`), program);
    }
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('has programs the compiler has nothing against, nor against the types of the package', async () => {
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const options = [
      ...['--strict', '--noUncheckedIndexedAccess', '--module', 'nodenext'],
      ...['--target', 'es2022', '--types', 'node'],
    ];
    const files = examples.map((_, index) => `example-${index}.ts`);
    const { stdout } = await run(process.execPath, [compiler, ...options, ...files], {
      cwd: folder,
    }).catch((error: unknown) => error as { stdout: string });
    expect(stdout).to.equal('');
  });

  for (const [index, { heading, output }] of examples.entries()) {
    it(`prints what it says under "${heading}"`, async () => {
      const { stdout } = await run(process.execPath, [`example-${index}.js`], { cwd: folder });
      expect(output).to.not.equal('');
      expect(withoutFractions(stdout)).to.equal(withoutFractions(output));
    });
  }
});
