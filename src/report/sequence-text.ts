import type { RunSequence } from '../run/sequence.js';
import { evidenceText } from '../statistics/conclude-sequential.js';
import { effectUnit, formatP, formatterFor } from '../statistics/format-effect.js';
import { decisionOf } from '../statistics/sequential-path.js';
import type { PathLook } from '../statistics/sequential-path.js';
import { count, formatCount, signed } from '../text/numbers.js';

/** What a line about a look says besides the look. */
interface LookContext {
  readonly plan: RunSequence['plan'];
  readonly labels: { readonly baseline: string; readonly challenger: string };
}

/**
 * A look as a line for people who watch the run: `look at 8 of at most 20 pairs: SNN − ReLU +3.9 points of test accuracy, |t| 11 of 3.2,
 * sign flips 0.008 of 0.02: better`.
 */
export function lookLine(look: PathLook, { plan, labels }: LookContext): string {
  const { rules, metric } = plan;
  const { factor, phrase, digits } = effectUnit(metric.name);
  const average = look.mean * factor;
  const width = look.interval === null ? 0 : (look.interval.high - look.interval.low) / 2;
  const effect = signed(formatterFor(width * factor, [average], digits)(average));
  const claim = look.claim === null ? 'not decided' : decisionOf(look.claim, rules.direction);
  const most = rules.method === 'evidence' ? '' : ` of at most ${rules.cap}`;
  const pairs = most === '' ? count(look.n, 'pair') : `${look.n}${most} pairs`;
  return `look at ${pairs}: ${labels.challenger} − ${labels.baseline} ${effect} ${phrase}, ${boundaryText(look, rules.alpha)}: ${claim}`;
}

/** How far a look is from its boundary: `|t| 11 of 3.2, sign flips 0.008 of 0.02`. */
export function boundaryText({ test, logE }: PathLook, alpha: number): string {
  if (test === undefined) {
    return `E ${evidenceText(logE ?? 0)} of ${formatCount(Math.ceil(1 / alpha))}`;
  }
  const { t, tCritical, flipP, spent } = test;
  const size =
    t === null ? 'no t' : `|t| ${Math.abs(t).toPrecision(3)} of ${tCritical.toPrecision(3)}`;
  return `${size}, sign flips ${formatP(flipP)} of ${formatP(spent)}`;
}
