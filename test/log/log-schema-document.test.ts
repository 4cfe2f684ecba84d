import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { LogEvent, LogRecord } from '../../src/log/records.js';
import { trialRecords } from '../support/log-records.js';

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
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = prefix === 'variants' ? '<name>' : key;
    return pathsOf(inner, prefix === '' ? name : `${prefix}.${name}`);
  });
}

describe('docs/log-schema.md', () => {
  const events: LogEvent[] = [
    'trial.start',
    'trial.resume',
    'step',
    'evaluation',
    'checkpoint',
    'trial.end',
  ];

  it('has a chapter for every record and for no other', () => {
    expect([...chapters.keys()]).to.deep.equal(events);
  });

  for (const event of events) {
    it(`documents every field of its example of ${event}`, () => {
      const example = exampleOf(event);
      expect(example).to.include({ event, schemaVersion: 1 });
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
