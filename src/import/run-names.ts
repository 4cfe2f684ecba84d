import { LockstepError } from '../protocol/index.js';

/** What the name of a run says. */
export interface NamedRun {
  readonly variant: string;
  readonly seed: string;
  /** Other parts that a template names, which make a sweep point. */
  readonly point: Readonly<Record<string, string>>;
  /** What follows in a path: the folder `validation` of `relu-1/validation`. */
  readonly rest: string;
}

/** `relu_seed1`, `relu/seed=1/validation`, `relu/version_1`; without such a word `relu-1` and `resnet-50/1`. */
const usual = [
  /^(?<variant>.+)[-_/. ]+(?:seed|version|run|rep|trial)[-_= ]*(?<seed>\d+)(?:\/(?<rest>.*))?$/,
  /^(?<variant>.+)[-_/. ]+(?<seed>\d+)(?:\/(?<rest>.*))?$/,
];

/**
 * Reads variant and seed from the name of a run.
 * @param template such as `{variant}-s{seed}` or `{variant}/lr{learningRate}/{seed}`. Default: the variant, then a
 *   separator and the seed, with or without a word such as `seed` before it
 * @param place of the name, for errors
 * @throws LockstepError `data` for a name of another form
 */
export function readRunName(name: string, template: string | undefined, place: string): NamedRun {
  const patterns = template === undefined ? usual : [patternOf(template)];
  const groups = patterns.map((pattern) => pattern.exec(name)?.groups).find((found) => found);
  if (groups === undefined) {
    throw new LockstepError(
      'data',
      `${place}: expected the name of a run like ${template ?? '{variant}-{seed}'}, got ${name}`,
      {
        hint: 'Say what the names look like with --run-name, for instance "{variant}-seed{seed}".',
      },
    );
  }
  const { variant = '', seed = '', rest = '', ...point } = groups;
  return { variant, seed, point, rest };
}

const part = /\{([A-Za-z]\w*)\}/g;

/** @throws LockstepError `usage` for a template without variant or seed */
function patternOf(template: string): RegExp {
  const names = [...template.matchAll(part)].map(([, name]) => name!);
  const isWhole = ['variant', 'seed'].every((name) => names.includes(name));
  if (!isWhole || new Set(names).size < names.length || names.includes('rest')) {
    throw new LockstepError(
      'usage',
      `--run-name: expected a template with {variant} and {seed}, each part once, got ${template}`,
      { hint: 'For instance "{variant}-seed{seed}", or "{variant}/lr{learningRate}/{seed}".' },
    );
  }
  const source = template
    .split(part)
    .map((text, index) => {
      if (index % 2 === 0) return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      return text === 'seed' ? '(?<seed>\\d+)' : `(?<${text}>.+?)`;
    })
    .join('');
  return new RegExp(`^${source}(?:/(?<rest>.*))?$`);
}
