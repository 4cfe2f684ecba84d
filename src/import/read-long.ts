import { suggest } from '../config/suggest.js';
import { LockstepError } from '../protocol/index.js';
import { orList } from '../schema/fields.js';
import type { Row } from '../data/csv/read-rows.js';
import type { Mapping } from './formats/format.js';
import { readRunName } from './run-names.js';
import { readNumber, readWhole } from './sample.js';
import type { Gap, Sample, Samples } from './sample.js';
import type { Table } from './source.js';

/** How a program's table in long form, a row for each run or each of its steps, is laid out. */
export interface LongForm {
  /** What it puts before names of parameters and metrics, for instance `params.`; tried in turn. Default: nothing. */
  readonly prefixes?: readonly string[];
  /** Columns with a run's name, tried where no column has the variant and the seed. */
  readonly runName?: readonly string[];
  /** Columns with a run's state, tried in turn, told where a number is missing. */
  readonly state?: readonly string[];
  /** Columns with a step, tried in turn. Default: none but `--step-column`. */
  readonly step?: readonly string[];
  /** Whether each row has some of the metrics only. Default: every cell must be filled. */
  readonly sparse?: boolean;
  /** Variant, seed and points of all rows, where the table does not have them. */
  readonly given?: Identity | undefined;
}

/** Which run a number is of. */
export interface Identity {
  readonly variant: string;
  readonly seed: number;
  readonly point: Readonly<Record<string, unknown>>;
}

/** Reads the wanted metrics of a table. @throws LockstepError as `ImportFormat.read` */
export function readLong(
  table: Table,
  form: LongForm,
  mapping: Mapping,
  metrics: readonly string[],
): Samples {
  const { path, header, rows } = table;
  const find = (name: string) => columnOf(header, name, form.prefixes ?? []);
  const require = (name: string, flag: string) => find(name) ?? fail(table, name, flag);
  const identityOf = form.given
    ? () => form.given!
    : identifier(table, form, mapping, { find, require });
  const first = (names: readonly string[] = []) =>
    names.map(find).find((column) => column !== undefined);
  const step =
    mapping.stepColumn === undefined
      ? first(form.step)
      : require(mapping.stepColumn, '--step-column');
  const columns = metrics.map((metric) => ({ metric, column: require(metric, '--metric') }));
  const state = first(form.state);
  const samples: Sample[] = [];
  const gaps: Gap[] = [];
  for (const { fields, line } of rows) {
    const at = (column: number) => `${path}:${line}, column ${header[column]!}`;
    const found = columns.flatMap(({ metric, column }) => {
      const place = at(column);
      return { metric, place, value: readNumber(fields[column]!, place) };
    });
    if (form.sparse && found.every(({ value }) => value === undefined)) continue;
    const identity = identityOf({ fields, line });
    const counted = step === undefined ? undefined : readWhole(fields[step]!, at(step), 'the step');
    for (const { metric, place, value } of found) {
      if (value !== undefined) samples.push({ ...identity, place, metric, value, step: counted });
      else if (!form.sparse) {
        const because =
          state === undefined ? undefined : `its ${header[state]!} is ${fields[state]!}`;
        gaps.push({ ...identity, place, metric, because });
      }
    }
  }
  return { samples, gaps };
}

interface Finders {
  readonly find: (name: string) => number | undefined;
  readonly require: (name: string, flag: string) => number;
}

/** How a row tells which run it is of: by columns of its own or by the run's name. */
function identifier(
  table: Table,
  form: LongForm,
  mapping: Mapping,
  { find, require }: Finders,
): (row: Row) => Identity {
  const { path, header } = table;
  const points = mapping.pointColumns.map(
    (name) => [name, require(name, '--point-columns')] as const,
  );
  const pointOf = (fields: readonly string[]) =>
    Object.fromEntries(points.map(([name, column]) => [name, pointValue(fields[column]!)]));
  const at = (line: number, column: number) => `${path}:${line}, column ${header[column]!}`;
  const given = mapping.variantColumn !== undefined || mapping.seedColumn !== undefined;
  const name = (form.runName ?? []).map(find).find((column) => column !== undefined);
  const [variant, seed] = [
    find(mapping.variantColumn ?? 'variant'),
    find(mapping.seedColumn ?? 'seed'),
  ];
  const isNamed = variant === undefined || seed === undefined || mapping.runName !== undefined;
  if (name !== undefined && !given && isNamed) {
    return ({ fields, line }) => {
      const place = at(line, name);
      const run = readRunName(fields[name]!, mapping.runName, place);
      return {
        variant: run.variant,
        seed: readWhole(run.seed, place, 'the seed'),
        point: { ...namedPoint(run.point), ...pointOf(fields) },
      };
    };
  }
  const byVariant = require(mapping.variantColumn ?? 'variant', '--variant-column');
  const bySeed = require(mapping.seedColumn ?? 'seed', '--seed-column');
  return ({ fields, line }) => {
    const text = fields[byVariant]!;
    if (text === '') {
      throw new LockstepError('data', `${at(line, byVariant)}: expected a variant, got nothing`);
    }
    const counted = readWhole(fields[bySeed]!, at(line, bySeed), 'the seed');
    return { variant: text, seed: counted, point: pointOf(fields) };
  };
}

/** The parts of a run's name that make its sweep point. */
export function namedPoint(parts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, text]) => [name, pointValue(text)] as const),
  );
}

function pointValue(text: string): unknown {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : text;
}

/** The column of this name, as it is or with one of the prefixes. */
function columnOf(
  header: readonly string[],
  name: string,
  prefixes: readonly string[],
): number | undefined {
  for (const prefix of ['', ...prefixes]) {
    const column = header.indexOf(prefix + name);
    if (column >= 0) return column;
  }
  return undefined;
}

function fail({ path, header }: Table, name: string, flag: string): never {
  const near = suggest(name, header);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new LockstepError(
    'data',
    `${path}:1: expected a column ${name}, got ${orList(header.filter((one) => one !== ''))}${meant}`,
    { hint: `Name the column with ${flag}.` },
  );
}
