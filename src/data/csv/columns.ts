import { LockstepError } from '../../protocol/index.js';
import { sortNames } from '../sort-names.js';

/** What stands for a missing value. */
const missingMarks = new Set(['', '?', 'NA', 'N/A', 'NaN', 'nan', 'null']);
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Where a field stands, for messages. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: string;
}

/** An error at a field. */
export function wrongField({ file, line, column }: Place, message: string, hint: string) {
  return new LockstepError('data', `${file}:${line}: column ${column}: ${message}`, { hint });
}

/** @returns undefined where the field holds no value */
export function valueOf(field: string): string | undefined {
  return missingMarks.has(field) ? undefined : field;
}

/** @returns undefined where the text is no finite number */
export function numberOf(value: string): number | undefined {
  if (!number.test(value)) return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** Numbers as they come, NaN where there is none. */
export class NumberColumn {
  readonly values: number[] = [];

  add(field: string, place: Place): void {
    const value = valueOf(field);
    const parsed = value === undefined ? NaN : numberOf(value);
    if (parsed === undefined) {
      throw wrongField(
        place,
        `expected a finite number, got ${JSON.stringify(value)}`,
        'List columns of words in data.csv.categorical, or name the features in data.csv.features.',
      );
    }
    this.values.push(parsed);
  }
}

/** Categories as they come, -1 where there is none. */
export class CategoryColumn {
  readonly #codes = new Map<string, number>();
  readonly #coded: number[] = [];

  add(field: string): void {
    const value = valueOf(field);
    if (value === undefined) {
      this.#coded.push(-1);
      return;
    }
    const code = this.#codes.get(value) ?? this.#codes.size;
    this.#codes.set(value, code);
    this.#coded.push(code);
  }

  /** The categories in order, and the position of each row's category among them. */
  sorted(): { readonly names: readonly string[]; readonly positions: readonly number[] } {
    const names = sortNames([...this.#codes.keys()]);
    const position = new Map(names.map((name, index) => [name, index]));
    const ofCode = [...this.#codes.keys()].map((name) => position.get(name)!);
    return { names, positions: this.#coded.map((code) => (code < 0 ? -1 : ofCode[code]!)) };
  }
}
