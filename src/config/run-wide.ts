import { formatPath, leaves } from './path.js';

interface RunWide {
  /** `*` stands for any key. */
  readonly path: readonly string[];
  /** Why a sweep cannot vary it. */
  readonly reason: string;
}

/** What a run has only once: it is read from the whole run's configuration, not from a point's. */
const runWide: readonly RunWide[] = [
  { path: ['extends'], reason: 'a sweep starts from one configuration' },
  { path: ['name'], reason: 'it names the whole run' },
  { path: ['sweep'], reason: 'a sweep does not vary itself' },
  { path: ['seeds'], reason: 'every point runs with all of them' },
  { path: ['decision'], reason: 'all points are judged alike' },
  { path: ['baseline'], reason: 'all points have the same baseline' },
  { path: ['variants', '*', 'label'], reason: 'reports name a variant once' },
  { path: ['variants', '*', 'legend'], reason: 'figures name a variant once' },
];

/** Why a sweep cannot vary what is at a path; undefined if it can. */
export function whyFixed(path: readonly string[]): string | undefined {
  return runWide.find((fixed) =>
    fixed.path.every((key, depth) => key === '*' || key === path[depth]),
  )?.reason;
}

/** What this file needs to know of a configuration. */
interface Compared {
  readonly variants: Readonly<Record<string, unknown>>;
}

/** What a point changes that it cannot, in words: a map that is swept as a whole may hold such keys, too. */
export function runWideChanges(config: Compared, atPoint: Compared): string[] {
  const before = runWideFacts(config);
  const after = runWideFacts(atPoint);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [expected, got] = [before, after].map((facts) => facts.get(path)?.value ?? 'none');
    if (expected === got) return [];
    const { reason } = (before.get(path) ?? after.get(path))!;
    return [`${path}: expected the same at every point (${expected}), got ${got}: ${reason}`];
  });
}

function runWideFacts(config: Compared) {
  const facts = leaves(config).flatMap(({ path, value }) => {
    const reason = path[0] === 'sweep' ? undefined : whyFixed(path);
    return reason === undefined
      ? []
      : [[formatPath(path), { value: String(value), reason }] as const];
  });
  const names = Object.keys(config.variants).join(', ');
  const reason = 'all points compare the same variants';
  return new Map([['variants', { value: names, reason }] as const, ...facts]);
}
