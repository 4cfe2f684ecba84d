/**
 * Writes what is generated from the schemas that validate: the JSON Schemas that editors and other programs
 * read, and docs/configuration.md. Run it with `npm run schema`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { dryRunJsonSchema } from '../src/app/dry-run.js';
import { outcomeJsonSchema } from '../src/app/outcome.js';
import { openApiDocument } from '../src/app/serve/api.js';
import { shippedFolder } from '../src/config/files.js';
import { configJsonSchema } from '../src/config/json-schema.js';
import { logJsonSchema } from '../src/log/record-schema.js';
import { reportJsonSchema } from '../src/report/report-schema.js';
import { configurationDocument } from './configuration-document.js';

const json = (schema: object) => JSON.stringify(schema);
const documents = {
  [join(shippedFolder, 'schema.json')]: json(configJsonSchema()),
  [join(shippedFolder, '../docs/log.schema.json')]: json(logJsonSchema()),
  [join(shippedFolder, '../docs/report.schema.json')]: json(reportJsonSchema()),
  [join(shippedFolder, '../docs/outcome.schema.json')]: json(outcomeJsonSchema()),
  [join(shippedFolder, '../docs/dry-run.schema.json')]: json(dryRunJsonSchema()),
  [join(shippedFolder, '../docs/openapi.json')]: json(openApiDocument()),
  [join(shippedFolder, '../docs/configuration.md')]: configurationDocument(),
};
for (const [file, text] of Object.entries(documents)) {
  const style = await resolveConfig(file);
  await writeFile(file, await format(text, { ...style, filepath: file }));
}
