import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { LockstepError } from '../../src/protocol/index.js';
import { moduleFiles } from '../../src/variants/module-files.js';
import type { CheckedOptions, VariantModule } from './variant-module.js';
import { awaitModule, moduleError, wrongModule } from './user-error.js';
import type { Owner } from './user-error.js';

/** What Node.js calls files that it strips types from. */
const typeScript = /\.(ts|mts|cts)$/;

/**
 * Loads a module and checks the variant's options.
 * @throws LockstepError `usage` for a file that is not there or that this Node.js cannot read, and for options that
 * the module refuses; `module` for one that throws, or that exports no {@link VariantModule}
 */
export async function loadModule(
  owner: Owner,
  options: unknown,
): Promise<{ readonly module: VariantModule<unknown>; readonly options: unknown }> {
  const { variant, path } = owner;
  if (!existsSync(path)) {
    throw new LockstepError(
      'usage',
      `variants.${variant}.module: expected a file, got ${path}, which is not there`,
      { path: ['variants', variant, 'module'] },
    );
  }
  if (typeScript.test(path)) requireTypeStripping(owner);
  // Lines of compiled code are told as those of its source.
  process.setSourceMapsEnabled(true);
  const exported = await importModule(owner);
  const module = exported.default as Partial<VariantModule<unknown>> | null | undefined;
  if (typeof module?.create !== 'function') {
    throw wrongModule(owner, 'expected a default export with a function create, got none');
  }
  const whole = module as VariantModule<unknown>;
  return { module: whole, options: await checkOptions(owner, whole, options) };
}

async function importModule(owner: Owner): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(pathToFileURL(owner.path).href)) as { readonly default?: unknown };
  } catch (error) {
    const isSyntax = error instanceof SyntaxError;
    throw moduleError(owner, error, isSyntax ? await placeOfSyntaxError(owner.path) : undefined);
  }
}

/** `file:line` where Node.js cannot parse a module, or a file that it imports: the error itself does not say. */
async function placeOfSyntaxError(path: string): Promise<string | undefined> {
  for (const file of await moduleFiles([path])) {
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
    const line = /:(\d+)$/m.exec(stderr.split('\n')[0] ?? '')?.[1];
    if (status !== 0 && line !== undefined) return `${file}:${line}`;
  }
  return undefined;
}

function requireTypeStripping({ variant, path }: Owner): void {
  const { features } = process as unknown as {
    readonly features: { readonly typescript?: unknown };
  };
  if (features.typescript) return;
  throw new LockstepError(
    'usage',
    `variants.${variant}.module: expected JavaScript, as this Node.js (${process.version}) does not read TypeScript, got ${path}`,
    {
      path: ['variants', variant, 'module'],
      hint: 'Use Node.js 22.18 or later, or compile it (npx tsc, or npx esbuild) and name the JavaScript.',
    },
  );
}

async function checkOptions(
  owner: Owner,
  { options: schema }: VariantModule<unknown>,
  options: unknown,
): Promise<unknown> {
  if (schema === undefined) return options;
  const standard = (schema as Partial<typeof schema>)['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw wrongModule(
      owner,
      'expected its options to be a Standard Schema, as Zod 3.24 makes them, got something else',
    );
  }
  const checked: CheckedOptions<unknown> = await awaitModule(owner, () =>
    standard.validate(options),
  );
  if (checked.issues === undefined) return checked.value;
  const at = ['variants', owner.variant, 'options'];
  const texts = checked.issues.map(({ message, path = [] }) => {
    const keys = path.map((key) => String(typeof key === 'object' ? key.key : key));
    return `${[...at, ...keys].join('.')}: ${message}`;
  });
  throw new LockstepError('usage', texts.join('\n'), {
    path: at,
    hint: `${owner.path} says what its options are.`,
  });
}
