import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

/** Writes a table with a header, quoted as needed. */
export async function writeCsv(
  folder: string,
  name: string,
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  await writeFile(join(folder, name), stringify(rows.map((row) => [...row])));
}
