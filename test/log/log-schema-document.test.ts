import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { LogEvent, LogRecord } from '../../src/log/records.js';
import { logJsonSchema } from '../../src/log/record-schema.js';
import { trialRecords } from '../support/log-records.js';
import { isPublishedRecord, requirePublishedRecord } from '../support/published-log-schema.js';

// The compiled test runs from dist/test/log.
const text = readFileSync(new URL('../../../docs/log-schema.md', import.meta.url), 'utf8');

/** The chapters on single records, by event. */
const chapters = new Map(
  text
    .split(/^## `/m)
    .slice(1)
    .map((chapter) => [chapter.slice(0, chapter.indexOf('`')), chapter]),
);

function exampleOf(event: string): LogRecord {
  const json = /```ndjson\n(.*)\n```/.exec(chapters.get(event) ?? '')?.[1];
  return JSON.parse(json ?? 'null') as LogRecord;
}

/** Paths of an object's keys, variant names written `<name>`. */
function pathsOf(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const free = ['engine.details', 'engine.environment'].includes(prefix);
  if (free) return [prefix];
  if (Array.isArray(value)) return pathsOf(value[0], `${prefix}[]`);
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = prefix === 'variants' ? '<name>' : key;
    return pathsOf(inner, prefix === '' ? name : `${prefix}.${name}`);
  });
}

const events: LogEvent[] = [
  'trial.start',
  'trial.resume',
  'step',
  'evaluation',
  'checkpoint',
  'variant.end',
  'variant.stop',
  'trial.end',
];

/** Places of a record whose keys are free: a worker's details, variables, names of variants, metrics and counts. */
const freeMaps = ['engine.details', 'engine.environment', 'streams.init', 'variants'];
const isFree = (path: string) => freeMaps.includes(path) || /\.(scores|counts)$/.test(path);

/** The record once for each of its maps with known keys, with a key more there. */
function withUnknownKey(record: LogRecord): unknown[] {
  const copies: unknown[] = [];
  const visit = (map: object, path: string): void => {
    if (!isFree(path) && !Array.isArray(map)) {
      Object.assign(map, { unknown: 1 });
      copies.push(structuredClone(record));
      Reflect.deleteProperty(map, 'unknown');
    }
    for (const [key, value] of Object.entries(map)) {
      if (typeof value === 'object' && value !== null) {
        visit(value as object, path === '' ? key : `${path}.${key}`);
      }
    }
  };
  visit(record, '');
  return copies;
}

describe('docs/log.schema.json', () => {
  it('is what the schema in the code says; npm run schema renews it', () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../../docs/log.schema.json', import.meta.url), 'utf8'),
    );
    expect(schema).to.deep.equal(JSON.parse(JSON.stringify(logJsonSchema())));
  });

  for (const event of events) {
    it(`takes ${event} as documented, without a key more or one less`, () => {
      const example = exampleOf(event);
      requirePublishedRecord(example);
      const more = withUnknownKey(example);
      expect(more).to.not.be.empty;
      for (const record of more) {
        expect(isPublishedRecord(record), JSON.stringify(record)).to.equal(false);
      }
      const optional = ['reason', 'passedOver'];
      for (const key of Object.keys(example).filter((key) => !optional.includes(key))) {
        const { [key]: _, ...less } = { ...example } as Record<string, unknown>;
        expect(isPublishedRecord(less), `without ${key}`).to.equal(false);
      }
    });
  }
});

describe('docs/log-schema.md', () => {
  it('has a chapter for every record and for no other', () => {
    expect([...chapters.keys()]).to.deep.equal(events);
  });

  for (const event of events) {
    it(`documents every field of its example of ${event}`, () => {
      const example = exampleOf(event);
      expect(example).to.include({ event, schemaVersion: 2 });
      const shared = text.slice(0, text.indexOf('## `trial.start`'));
      for (const path of new Set(pathsOf(example))) {
        expect(shared + chapters.get(event)!, `${event}: ${path}`).to.contain(`\`${path}\``);
      }
    });
  }

  it('shows records of the same shape as those the views are tested with', () => {
    for (const record of trialRecords()) {
      expect([...new Set(pathsOf(exampleOf(record.event)))].sort()).to.deep.equal(
        [...new Set(pathsOf(record))].sort(),
      );
    }
  });
});
