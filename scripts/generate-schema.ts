/** Writes `configs/schema.json`, which editors read, from the schema that validates: `npm run schema`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { shippedFolder } from '../src/config/files.js';
import { configJsonSchema } from '../src/config/json-schema.js';

const file = join(shippedFolder, 'schema.json');
const style = await resolveConfig(file);
await writeFile(
  file,
  await format(JSON.stringify(configJsonSchema()), { ...style, filepath: file }),
);
