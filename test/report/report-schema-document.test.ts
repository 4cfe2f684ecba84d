import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { reportJsonSchema } from '../../src/report/report-schema.js';
import { reportJson } from '../../src/report/report-schema.js';
import { syntheticReport } from '../support/report-page.js';

const published = new URL('../../../docs/report.schema.json', import.meta.url);

describe('docs/report.schema.json', () => {
  it('is what the schema in the code says; npm run schema renews it', async () => {
    const schema: unknown = JSON.parse(await readFile(published, 'utf8'));
    expect(schema).to.deep.equal(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('describes the text of a report, which loses nothing', async () => {
    const report = await syntheticReport({ seeds: [1, 2, 3] });
    const read: unknown = JSON.parse(reportJson(report));
    expect(read).to.deep.equal(JSON.parse(JSON.stringify(report)));
    const validate = new Ajv2020({ strict: false }).compile(reportJsonSchema());
    expect(validate(read), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...(read as object), extra: 1 })).to.equal(false);
  });

  it('keeps lists of numbers on a line', async () => {
    const text = reportJson(await syntheticReport({ seeds: [1, 2, 3] }));
    expect(text).to.match(/"seeds": \[1, 2, 3\],\n/);
  });
});
