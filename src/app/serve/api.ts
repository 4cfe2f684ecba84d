import { z } from 'zod';
import type { Resolved } from '../../schema/fields.js';
import { startCommands } from './control.js';
import type { IndexedRun } from './run-index.js';

/** Of the addresses below `/api`, and of the events. */
export const apiSchemaVersion = 1;

const count = z.int().gte(0);

const measure = z.strictObject({
  key: z.string().describe('Tells measures apart, and is what `measure` asks for.'),
  place: z.string().describe('`minibatch`, or the split.'),
  examples: count.optional().describe('Of the split, from its start.'),
  metric: z.string(),
});

const facts = z
  .tuple([count, z.string(), count, count.nullable()])
  .describe('How a trial stands: its index, its state, its step, and the steps that are planned.');

const curve = z
  .strictObject({
    trial: count,
    variant: z.string(),
    steps: z.array(count),
    values: z.array(z.number().nullable()).describe('Null where it is not finite.'),
  })
  .describe('What one variant of one trial measured.');

export const snapshotSchema = z
  .strictObject({
    variants: z.array(z.strictObject({ name: z.string(), label: z.string() })),
    trials: z.array(z.strictObject({ index: count, seed: z.int(), point: z.string() })),
    facts: z.array(facts),
    measures: z.array(measure),
    measure: z.string().describe('The key of the measure whose curves these are.'),
    curves: z.array(curve),
  })
  .describe('Event `snapshot`: all that a page needs to go on from; what came before is void.');

export const progressSchema = z
  .strictObject({
    facts: z.array(facts).describe('Of the trials that changed.'),
    points: z
      .array(z.tuple([count, z.string(), count, z.number().nullable()]))
      .describe('Trial, variant, step, value.'),
    measures: z.array(measure).describe('All that there are now.'),
  })
  .describe('Event `progress`: what has happened since the last event.');

export type TrialFacts = Resolved<typeof facts>;
export type SentCurve = Resolved<typeof curve>;
export type Snapshot = Resolved<typeof snapshotSchema>;
export type Progress = Resolved<typeof progressSchema>;

const run = z
  .strictObject({
    id: z.string().describe("The name of the run's folder."),
    createdAt: z.string().describe('UTC; empty where the run cannot be read.'),
    name: z.string().optional().describe('Absent where the run cannot be read, as all below.'),
    state: z.enum(['done', 'failed', 'unfinished']).optional(),
    completed: count.optional().describe('Trials.'),
    planned: count.optional().describe('Trials, without those that are dropped.'),
    metric: z.string().optional(),
    best: z
      .strictObject({ point: z.string(), challenger: z.string(), mean: z.number() })
      .nullable()
      .optional()
      .describe('Where a challenger is furthest ahead on average; null without a pair.'),
    damage: z.string().optional().describe('Why the run cannot be read.'),
  })
  .describe('A run of the folder.');

export const runsSchema = z
  .strictObject({ schemaVersion: z.literal(apiSchemaVersion), runs: z.array(run) })
  .describe('All runs, newest first.');
export const runSchema = z.strictObject({ schemaVersion: z.literal(apiSchemaVersion), run });
export const errorSchema = z.strictObject({ error: z.string() });

const startForm = z.strictObject({
  config: z.string().describe('A shipped configuration, or a file of the project.'),
  command: z.enum(startCommands),
  set: z.string().optional().describe('Overrides: lines of `path=value`.'),
  seeds: z.string().optional().describe('For instance `1..10`.'),
  jobs: z.string().optional().describe('Trials at the same time.'),
  engine: z.string().optional(),
});
const resumeForm = z.strictObject({
  seeds: z.string().optional().describe('All that the run is to have.'),
  jobs: z.string().optional(),
  failed: z.string().optional().describe('Where it is there, failed trials run again.'),
});

/** A run as the API has it. */
export function runDocument({ id, createdAt, overview, damage }: IndexedRun): Resolved<typeof run> {
  if (overview === undefined) return { id, createdAt, damage: damage ?? '' };
  const { folder: _, ...rest } = overview;
  return { id, createdAt, ...rest };
}

const schemas = {
  Runs: runsSchema,
  Run: runSchema,
  Snapshot: snapshotSchema,
  Progress: progressSchema,
  Error: errorSchema,
  StartForm: startForm,
  ResumeForm: resumeForm,
};

function json(description: string, schema: keyof typeof schemas) {
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  return { description, content };
}

/** In `docs`, and below `/api`, under the same name. */
const report = { $ref: './report.schema.json' };

function text(description: string, type = 'text/plain') {
  return { description, content: { [type]: { schema: { type: 'string' } } } };
}

function form(schema: keyof typeof schemas) {
  const ref = { $ref: `#/components/schemas/${schema}` };
  return { content: { 'application/x-www-form-urlencoded': { schema: ref } } };
}

const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const noRun = { 404: json('There is no such run.', 'Error') };
const noPage = { 404: text('There is no such run.', 'text/html') };
const changed = {
  303: { description: 'Done; `Location` is the page of the run.' },
  400: text('The command refused, and says why.', 'text/html'),
  403: text('Neither a bearer token nor a page of this server.'),
  405: text('The server was started without `--control`.'),
};
const conflict = { 409: text('It cannot be done now, and why.', 'text/html') };

/** What other programs can ask of `lockstep serve`, as OpenAPI 3.1; `docs/openapi.json` is generated from this. */
export function openApiDocument(): object {
  const components = Object.entries(schemas).map(([name, schema]) => {
    const { $schema: _, ...rest } = z.toJSONSchema(schema);
    return [name, rest] as const;
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'lockstep serve',
      version: `${apiSchemaVersion}`,
      description: 'The runs of a folder. Changes need `--control`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{}, { token: [] }],
    paths: {
      '/api/runs': {
        get: {
          summary: 'The list of runs, newest first',
          responses: { 200: json('The runs.', 'Runs') },
        },
      },
      '/api/runs/{id}': {
        get: {
          summary: 'One run of the list',
          parameters: [idParameter],
          responses: { 200: json('The run.', 'Run'), ...noRun },
        },
      },
      '/api/openapi.json': {
        get: { summary: 'This document', responses: { 200: { description: 'OpenAPI 3.1.' } } },
      },
      '/api/report.schema.json': {
        get: { summary: 'What a report is', responses: { 200: { description: 'JSON Schema.' } } },
      },
      '/runs/{id}/report.json': {
        get: {
          summary: 'The report of a run as it stands',
          parameters: [idParameter],
          responses: {
            200: {
              description: 'As `lockstep report` writes it, without what rests on predictions.',
              content: { 'application/json': { schema: report } },
            },
            ...noPage,
          },
        },
      },
      '/runs/{id}/events': {
        get: {
          summary: 'What happens in a run, as server-sent events',
          description:
            'The first event is a `snapshot`; `progress` follows; another `snapshot` begins anew. `report` says that the report is another one, with the data `{}`.',
          parameters: [idParameter, { name: 'measure', in: 'query', schema: { type: 'string' } }],
          responses: {
            200: {
              description: 'Events whose data are a line of JSON: Snapshot, Progress or `{}`.',
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
            ...noPage,
          },
        },
      },
      '/runs/{id}/stop': {
        post: {
          summary: 'Stop a run as Ctrl-C does once',
          parameters: [idParameter],
          requestBody: { content: { 'application/x-www-form-urlencoded': {} } },
          responses: { ...changed, ...conflict, ...noPage },
        },
      },
      '/runs/{id}/resume': {
        post: {
          summary: 'Resume a run, with more seeds or not',
          parameters: [idParameter],
          requestBody: form('ResumeForm'),
          responses: { ...changed, ...conflict, ...noPage },
        },
      },
      '/start': {
        post: {
          summary: 'Start a run',
          requestBody: form('StartForm'),
          responses: changed,
        },
      },
      '/metrics': { get: { summary: 'For Prometheus', responses: { 200: text('Metrics.') } } },
      '/healthz': { get: { summary: 'Whether it answers', responses: { 200: text('`ok`') } } },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(components),
    },
  };
}
