import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/**
 * Packages that a compiled module and the project's modules it imports load, dynamic imports included.
 * @param without modules that are left out, by the ends of their paths
 */
function packagesOf(entry: URL, without: readonly string[] = []): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const pending = [entry];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { href } = next;
    if (seen.has(href) || without.some((path) => href.endsWith(path))) continue;
    seen.add(href);
    const text = readFileSync(next, 'utf8');
    for (const [, name] of text.matchAll(/(?:from |import\(?|require\()\s*['"]([^'"]+)['"]/g)) {
      if (name!.startsWith('.')) pending.push(new URL(name!, next));
      else packages.add(name!);
    }
  }
  return packages;
}

describe("a worker thread's code", () => {
  it('loads no schemas, logs or streams: the trial process has inferred everything', () => {
    const entry = new URL('../../workers/entry.js', import.meta.url);
    // Loaded where a variant's own module asks for layers of Lockstep's, whose settings nobody has seen before.
    const packages = packagesOf(entry, ['/workers/modules/block.js']);
    expect([...packages]).to.include('@tensorflow/tfjs-core');
    for (const name of ['zod', 'rxjs', 'pino', 'yaml']) {
      expect([...packages]).not.to.include(name);
    }
    for (const name of ['rxjs', 'pino', 'yaml'])
      expect([...packagesOf(entry)]).not.to.include(name);
  });
});
