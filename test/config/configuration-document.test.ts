import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { format, resolveConfig } from 'prettier';
import { configurationDocument } from '../../scripts/configuration-document.js';

describe('docs/configuration.md', () => {
  // The compiled test runs from dist/test/config.
  const file = fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url));

  it('is up to date', async () => {
    const style = await resolveConfig(file);
    const expected = await format(configurationDocument(), { ...style, filepath: file });
    expect(await readFile(file, 'utf8'), 'run `npm run schema`').to.equal(expected);
  });

  it('has a row for a key at any depth, and a table for every kind of layer', () => {
    const text = configurationDocument();
    expect(text).to.contain('| **`training.optimizer`** | a map with a `kind`, see below |');
    expect(text).to.contain('| `variants.<name>.dropout.rate` |');
    expect(text).to.contain('| `sweep.parameters.<path>.logUniform` | [a number, a number] |');
    expect(text).to.contain('### `network.layers[]`: `kind: conv2d`');
  });
});
