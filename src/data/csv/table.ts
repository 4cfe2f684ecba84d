import { LockstepError } from '../../protocol/index.js';
import type { Column } from '../../protocol/index.js';
import { sharedMemory } from '../memory.js';
import type { StoredFile } from '../read-file.js';
import { CategoryColumn, NumberColumn, numberOf, valueOf, wrongField } from './columns.js';
import type { Place } from './columns.js';
import type { Feature } from './impute.js';
import { readRows } from './read-rows.js';
import type { Row } from './read-rows.js';
import type { CsvSettings } from './settings.js';

/** The rows of CSV files as numbers. */
export interface Table {
  readonly count: number;
  /** `[count, inputs]` float64; NaN where a feature is missing. */
  readonly inputs: Column;
  readonly targets: Column;
  readonly features: readonly Feature[];
  /** Names of the classes by number, where the target is one of classes. */
  readonly classes: readonly string[] | undefined;
  /** Of each row, whether its column for that says test; undefined without such a column. */
  readonly isTest: readonly boolean[] | undefined;
  readonly hasMissing: boolean;
}

/** The most column names that a message lists. */
const mostNames = 20;

/** Reads the rows of CSV files with the same columns, one file after the other. */
export class TableReader {
  readonly #settings: CsvSettings;
  #features: ReadonlyMap<string, NumberColumn | CategoryColumn> | undefined;
  readonly #targets: readonly TargetColumn[];
  readonly #isTest: boolean[] = [];
  #count = 0;
  #hasMissing = false;

  constructor(settings: CsvSettings) {
    this.#settings = settings;
    const names = targetNames(settings);
    this.#targets = names.map((name) => new TargetColumn(name));
  }

  /** @throws LockstepError `usage` for settings that name no column; `data` with file, line and column */
  read(file: StoredFile): { readonly rows: number } {
    const before = this.#count;
    let add: ((row: Row) => void) | undefined;
    const header = readRows(file, this.#settings.delimiter, (row, names) => {
      add ??= this.#adder(file.path, names);
      add(row);
    });
    // Its columns count also where it has no rows.
    add ??= this.#adder(file.path, header);
    return { rows: this.#count - before };
  }

  table(what: string): Table {
    const targets = this.#encodeTargets(what);
    return {
      count: this.#count,
      ...this.#encodeFeatures(what),
      ...targets,
      isTest: this.#settings.test?.column === undefined ? undefined : this.#isTest,
      hasMissing: this.#hasMissing,
    };
  }

  #adder(file: string, header: readonly string[]): (row: Row) => void {
    const { missing, test } = this.#settings;
    // A later file has to have the columns of the first, whose names the settings may get wrong.
    const isFirst = this.#features === undefined;
    const positionOf = (name: string, key: string): number => {
      const position = header.indexOf(name);
      if (position >= 0) return position;
      const columns = listOf(header);
      const path = ['data', 'csv', ...key.split('.')];
      throw isFirst
        ? new LockstepError(
            'usage',
            `${path.join('.')}: expected a column of ${file} (${columns}), got ${name}`,
            {
              path,
              hint: `Correct it, or data.csv.delimiter where the names are not separate.`,
            },
          )
        : new LockstepError(
            'data',
            `${file}:1: expected the column ${name} (data.csv.${key}), as in the other file, got ${columns}`,
            { hint: 'Use training and test files with the same columns.' },
          );
    };
    this.#features ??= this.#chooseFeatures(file, header);
    for (const name of this.#settings.categorical ?? []) positionOf(name, 'categorical');
    const features = [...this.#features].map(([name, column]) => ({
      name,
      column,
      position: positionOf(name, 'features'),
    }));
    const targets = this.#targets.map((column) => ({
      column,
      position: positionOf(column.name, 'target'),
    }));
    const testAt = test?.column === undefined ? undefined : positionOf(test.column, 'test.column');
    return ({ fields, line }) => {
      for (const { name, column, position } of features) {
        const field = fields[position]!;
        const place = { file, line, column: name };
        if (valueOf(field) === undefined) {
          if (missing === 'refuse') throw missingFeature(place, field);
          this.#hasMissing = true;
        }
        column.add(field, place);
      }
      for (const { column, position } of targets) {
        column.add(fields[position]!, { file, line, column: column.name });
      }
      if (testAt !== undefined) {
        this.#isTest.push(saysTest(fields[testAt]!, { file, line, column: header[testAt]! }));
      }
      this.#count += 1;
    };
  }

  #chooseFeatures(file: string, header: readonly string[]) {
    const { features, categorical = [], test } = this.#settings;
    const others = [...targetNames(this.#settings), test?.column];
    const names = features ?? header.filter((name) => !others.includes(name));
    const [target] = names.filter((name) => others.includes(name));
    const beside = `beside ${others.filter((name) => name !== undefined).join(', ')}`;
    if (target !== undefined) {
      const path = ['data', 'csv', 'features'];
      throw new LockstepError(
        'usage',
        `${path.join('.')}: expected columns of ${file} ${beside}, got ${target}`,
        { path, hint: 'Name other columns.' },
      );
    }
    if (names.length === 0) {
      throw new LockstepError('data', `${file}:1: expected features ${beside}, got none`, {
        hint: 'Use a table with a column to predict from.',
      });
    }
    return new Map(
      names.map((name) => [
        name,
        categorical.includes(name) ? new CategoryColumn() : new NumberColumn(),
      ]),
    );
  }

  #encodeFeatures(what: string): Pick<Table, 'inputs' | 'features'> {
    const columns = [...(this.#features ?? [])].map(([column, read]) =>
      read instanceof NumberColumn
        ? { column, isCategorical: false, width: 1, of: read.values }
        : { column, isCategorical: true, ...categories(read) },
    );
    const width = columns.reduce((sum, column) => sum + column.width, 0);
    const values = new Float64Array(sharedMemory(8 * width * this.#count, what));
    let start = 0;
    const features = columns.map(({ of, ...column }): Feature => {
      of.forEach((value, row) => {
        const at = row * width + start;
        if (!column.isCategorical) values[at] = value;
        else if (value < 0) values.fill(NaN, at, at + column.width);
        else values[at + value] = 1;
      });
      const feature = { ...column, start };
      start += column.width;
      return feature;
    });
    return { inputs: { shape: [width], values }, features };
  }

  #encodeTargets(what: string): Pick<Table, 'targets' | 'classes'> {
    const { target, categorical = [] } = this.#settings;
    const [only] = this.#targets;
    if (typeof target === 'string' && only!.areClasses(categorical.includes(target))) {
      const { names, positions } = only!.categories.sorted();
      const values = new Int32Array(sharedMemory(4 * this.#count, what));
      values.set(positions);
      return { targets: { shape: [], values }, classes: names };
    }
    const columns = this.#targets.map((column) => column.numbers());
    const areWhole = columns.every((column) => column.every((value) => (value | 0) === value));
    const size = columns.length * this.#count;
    const values = areWhole
      ? new Int32Array(sharedMemory(4 * size, what))
      : new Float64Array(sharedMemory(8 * size, what));
    columns.forEach((column, k) => {
      column.forEach((value, row) => (values[row * columns.length + k] = value));
    });
    const shape = typeof target === 'string' ? [] : [columns.length];
    return { targets: { shape, values }, classes: undefined };
  }
}

/** The names of columns, the first of many. */
function listOf(names: readonly string[]): string {
  const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : '';
  return names.slice(0, mostNames).join(', ') + more;
}

function targetNames({ target }: CsvSettings): readonly string[] {
  return typeof target === 'string' ? [target] : target;
}

function categories(column: CategoryColumn): { width: number; of: readonly number[] } {
  const { names, positions } = column.sorted();
  // A column of missing values alone is missing, not gone.
  return { width: Math.max(1, names.length), of: positions };
}

/** A target's values both as numbers and as classes: what they are shows at the end. */
class TargetColumn {
  readonly categories = new CategoryColumn();
  readonly #numbers: number[] = [];
  #firstNumber: Place | undefined;
  #firstWord: (Place & { readonly word: string }) | undefined;

  constructor(readonly name: string) {}

  add(field: string, place: Place): void {
    const value = valueOf(field);
    if (value === undefined) {
      throw wrongField(
        place,
        `expected a target, got ${got(field)}`,
        'Remove rows without a target.',
      );
    }
    const parsed = numberOf(value);
    if (parsed === undefined) this.#firstWord ??= { ...place, word: value };
    else this.#firstNumber ??= place;
    this.#numbers.push(parsed ?? NaN);
    this.categories.add(value);
  }

  areClasses(isCategorical: boolean): boolean {
    return isCategorical || (this.#firstWord !== undefined && this.#firstNumber === undefined);
  }

  numbers(): readonly number[] {
    const word = this.#firstWord;
    if (word !== undefined) {
      throw wrongField(
        word,
        `expected a number${this.#firstNumber === undefined ? '' : `, as on line ${this.#firstNumber.line}`}, got ${JSON.stringify(word.word)}`,
        'Correct it, or list the column in data.csv.categorical where all its values are classes.',
      );
    }
    return this.#numbers;
  }
}

function missingFeature(place: Place, field: string): LockstepError {
  return wrongField(
    place,
    `expected a value, got ${got(field)}`,
    'Fill it in, or set data.csv.missing to mean, median or mostFrequent.',
  );
}

function got(field: string): string {
  return field === '' ? 'none' : field;
}

function saysTest(field: string, place: Place): boolean {
  if (field === 'test' || field === '1') return true;
  if (field === 'train' || field === '0') return false;
  const hint = 'Mark every row, or set data.csv.test.fraction instead.';
  throw wrongField(place, `expected train or test (or 0 or 1), got ${JSON.stringify(field)}`, hint);
}
