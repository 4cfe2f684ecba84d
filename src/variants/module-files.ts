import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Modules with all files that they import by a path, directly or not: static imports, and dynamic ones of a literal.
 * Packages, and what is required of CommonJS, are not among them.
 * @param modules absolute
 * @returns absolute, each once, in alphabetical order
 */
export async function moduleFiles(modules: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const open = [...modules];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    open.push(...(await importedBy(path)));
  }
  return [...found].sort();
}

async function importedBy(path: string): Promise<string[]> {
  if (!/\.[cm]?[jt]s$/.test(path)) return [];
  const { init, parse } = await import('es-module-lexer');
  await init();
  try {
    const [imports] = parse(await readFile(path, 'utf8'), path);
    return imports.flatMap((one) => {
      // Types are not there when it runs.
      if (one.type === 'static' && one.typeOnly) return [];
      if (one.type === 'dynamic' && one.glob) return [];
      const specifier = one.specifier ?? '';
      if (specifier.startsWith('file:')) return [fileURLToPath(specifier)];
      return /^\.{0,2}\//.test(specifier) ? [fileOf(path, specifier)] : [];
    });
  } catch {
    // What cannot be read or is no JavaScript is told of where it is loaded.
    return [];
  }
}

/** Without what follows the path in a specifier. */
function fileOf(importer: string, specifier: string): string {
  return resolve(dirname(importer), decodeURIComponent(specifier.replace(/[?#].*$/, '')));
}
