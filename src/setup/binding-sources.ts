import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readOwnSources, readTexts } from '../engines/own-sources.js';
import { applyPatch, graphPatch, racePatch } from './patch.js';

/** One call of the compiler. */
export interface CompileUnit {
  /** Name of a file of the sources. */
  readonly source: string;
  /** Name of what it is compiled to. */
  readonly object: string;
  readonly flags: readonly string[];
}

/** A binding to build: text of its sources by file name, and how each is compiled. */
export interface BindingSources {
  readonly files: Readonly<Record<string, string>>;
  readonly units: readonly CompileUnit[];
  /** Names the result: equal sources, library and flags give an equal digest. */
  readonly digest: string;
}

const plain = (name: string): CompileUnit => ({
  source: `${name}.cc`,
  object: `${name}.o`,
  flags: [],
});

const common: readonly CompileUnit[] = ['tfjs_backend', 'tfjs_binding', 'graphs'].map(plain);

/**
 * Lockstep's operations. Their kernels are compiled for two kinds of x86-64; which one runs is chosen at run
 * time. The extensions that come with AVX-512 on every server are named, because Zig's compiler crashes on
 * AVX-512F alone.
 */
const operations: readonly CompileUnit[] = [
  ...['operation', 'conv_max_pool_operation', 'uniform_operation'].map(plain),
  // Each product and sum is rounded by itself, as TensorFlow's own are.
  { ...plain('update_operations'), flags: ['-ffp-contract=off'] },
  ...[
    { isa: 'avx2', lanes: 8, flags: ['-mavx2', '-mfma'] },
    {
      isa: 'avx512',
      lanes: 16,
      flags: ['-mavx512f', '-mavx512vl', '-mavx512dq', '-mavx512bw', '-mfma'],
    },
  ].map(({ isa, lanes, flags }) => ({
    source: 'conv_max_pool_gradient.cc',
    object: `conv_max_pool_gradient_${isa}.o`,
    flags: [...flags, `-DLOCKSTEP_ISA=${isa}`, `-DLOCKSTEP_LANES=${lanes}`],
  })),
];

/**
 * The package's sources with the race removed, and Lockstep's own: its operations where the processor can run them.
 * @param key identifies the library
 * @param flags the compiler gets for every unit, and the linker
 */
export function readBindingSources(
  packageRoot: string,
  key: string,
  arch: string,
  flags: readonly string[],
): BindingSources {
  const patched = applyPatch(readTexts(join(packageRoot, 'binding')), [
    ...racePatch,
    ...graphPatch,
  ]);
  const files = { ...patched, ...readOwnSources() };
  const units = arch === 'x64' ? [...common, ...operations] : common;
  const digest = createHash('sha256')
    .update(JSON.stringify([key, flags, units, files]))
    .digest('hex')
    .slice(0, 16);
  return { files, units, digest };
}
