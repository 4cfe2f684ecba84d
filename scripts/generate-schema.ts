/**
 * Writes the JSON Schemas that editors and other programs read from the schemas that validate:
 * `npm run schema`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { shippedFolder } from '../src/config/files.js';
import { configJsonSchema } from '../src/config/json-schema.js';
import { logJsonSchema } from '../src/log/record-schema.js';
import { reportJsonSchema } from '../src/report/report-schema.js';

const schemas = {
  [join(shippedFolder, 'schema.json')]: configJsonSchema(),
  [join(shippedFolder, '../docs/log.schema.json')]: logJsonSchema(),
  [join(shippedFolder, '../docs/report.schema.json')]: reportJsonSchema(),
};
for (const [file, schema] of Object.entries(schemas)) {
  const style = await resolveConfig(file);
  await writeFile(file, await format(JSON.stringify(schema), { ...style, filepath: file }));
}
