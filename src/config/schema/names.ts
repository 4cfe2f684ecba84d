import { z } from 'zod';

/** Longest name, in UTF-16 code units: at most 192 bytes, which leaves room for what is appended to it. */
const maxLength = 64;

/** Names of devices: Windows makes no file of such a name, whatever follows a dot in it. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

const runNameRule =
  'a name of letters, digits, ., - and _ that starts with a letter or digit and does not end with a dot';
const runNamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}_-])?$/u;

/** Names a run's folder; letters of any script. */
export const runName = fileName(runNameRule, runNamePattern);

/** Names a variant in logs, files and `--where`. `x-` starts keys that configurations ignore. */
export const variantName = fileName(
  'a name of letters, digits, - and _ that starts with a letter, but not with x-',
  /^(?!x-)[A-Za-z][A-Za-z0-9_-]*$/,
);

/** A run's name made from the name of a file. */
export function nameFrom(file: string): string {
  const name = file
    .replace(/\.ya?ml$/i, '')
    .normalize()
    .replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, maxLength)
    // What a cut may leave: half of a letter, or a dot.
    .replace(/[^\p{L}\p{M}\p{N}_-]+$/u, '');
  return name === '' || reserved.test(name) ? `config${name === '' ? '' : '-'}${name}` : name;
}

function fileName(rule: string, pattern: RegExp) {
  const error = rule;
  return z
    .string({ error })
    .regex(pattern, { error })
    .max(maxLength, { error: `a name of at most ${maxLength} characters` })
    .refine((name) => !reserved.test(name), {
      error: ({ input }) =>
        `expected a name that can be a file's on every system, got ${String(input)}, which Windows reserves`,
    });
}
