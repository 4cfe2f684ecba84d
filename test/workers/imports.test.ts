import { readFileSync } from 'node:fs';
import { expect } from 'chai';

/** Packages that a compiled module and the project's modules it imports load, dynamic imports included. */
function packagesOf(entry: URL): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const pending = [entry];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.href)) continue;
    seen.add(next.href);
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
    const packages = packagesOf(new URL('../../workers/entry.js', import.meta.url));
    expect([...packages]).to.include('@tensorflow/tfjs-core');
    for (const name of ['zod', 'rxjs', 'pino', 'yaml']) {
      expect([...packages]).not.to.include(name);
    }
  });
});
