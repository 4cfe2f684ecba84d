import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

// The compiled file runs from dist/test/support.
const published = new URL('../../../docs/log.schema.json', import.meta.url);

const validate = new Ajv2020({ strict: false, discriminator: false }).compile(
  JSON.parse(readFileSync(published, 'utf8')) as object,
);

/** Whether a value read from JSON is a record as `docs/log.schema.json` has it. */
export function isPublishedRecord(value: unknown): boolean {
  return validate(value);
}

/** @throws an Error with the record that `docs/log.schema.json` refuses, and with what is wrong */
export function requirePublishedRecord(value: unknown): void {
  if (validate(value)) return;
  throw new Error(
    `docs/log.schema.json refuses ${JSON.stringify(value)}: ${JSON.stringify(validate.errors)}`,
  );
}
