import { formatDifference } from '../audit/findings.js';
import type { Verification } from '../audit/verify-run.js';
import { cleanLines } from '../text/text.js';

const shownDifferences = 10;

/** What was checked, trial by trial and in all, and what differs. */
export function renderVerification(verification: Verification): string {
  const { runId, trials, checked, notes, differences, differing } = verification;
  const shown = differences.slice(0, shownDifferences);
  const more = differing - shown.length;
  const lines = [
    `run ${runId ?? '(its manifest cannot be read)'}`,
    ...trials.map(
      ({ trial, seed, state, step, steps }) =>
        `  trial ${trial}  seed ${seed}  ${state}, step ${step}/${steps}`,
    ),
    'checked',
    ...Object.entries(checked).map(([kind, count]) => `  ${String(count).padStart(8)} ${kind}`),
    ...notes.map((note) => `note: ${note}`),
    ...shown.map((difference) => `differs: ${formatDifference(difference)}`),
    ...(more > 0 ? [`differs: ${more} more`] : []),
    verification.verified ? 'verified: nothing differs' : `not verified: ${differing} differ`,
    '',
  ];
  // What it quotes comes from files that may be hostile.
  return cleanLines(lines.join('\n'));
}
