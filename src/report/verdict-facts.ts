import { effectUnit, formatLevel } from '../statistics/format-effect.js';
import { mostPairs } from '../statistics/sample-size.js';
import { count, formatCount } from '../text/numbers.js';
import { tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import {
  differenceP,
  effectNumbers,
  pText,
  probabilityRange,
  probabilityText,
} from './effect-text.js';
import type { ReportComparison } from './report-schema.js';
import { boundaryText } from './sequence-text.js';

/** A number of the verdict with what it means; plain text. */
export interface VerdictFact {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

/** The numbers that readers look for first: effect, pairs, wins, p, pairing gain, missing pairs. */
export function verdictFacts(comparison: ReportComparison): VerdictFact[] {
  const { pairs, signFlip, pairedT, labels, metric, verdict } = comparison;
  const { value, interval } = effectNumbers(comparison);
  const { phrase } = effectUnit(metric);
  const missing = pairs.planned - pairs.completed;
  return [
    {
      name: `${labels.challenger} − ${labels.baseline}`,
      value,
      detail: `${phrase}${interval === '' ? '' : `; ${interval}`}`,
    },
    {
      name: 'Won, tied, lost',
      value: `${comparison.wins} · ${comparison.ties} · ${comparison.losses}`,
      detail: `seeds; ${winningText(comparison)}sign test p ${pText(comparison.signTest.p)}`,
    },
    sequentialFact(comparison) ?? {
      name: 'p',
      value: pText(differenceP(comparison)),
      detail: signFlip.computable
        ? `sign-flip ${pText(signFlip.p)}, paired t ${pairedT.computable ? pText(pairedT.p) : 'none'}; smallest attainable with ${count(pairs.completed, 'pair')}: ${pText(signFlip.smallestP)}`
        : signFlip.because,
    },
    {
      name: 'Pairs',
      value: `${pairs.completed} of ${pairs.planned}`,
      detail: missing === 0 ? 'all planned pairs completed' : `${missing} missing, listed below`,
    },
    pairingFact(comparison),
    ...(verdict.decision === 'inconclusive' && comparison.sequential === undefined
      ? [neededFact(comparison)]
      : []),
  ];
}

/** The last look of a run that was decided in sequence, instead of a p. */
function sequentialFact({ sequential }: ReportComparison): VerdictFact | undefined {
  if (sequential === undefined) return undefined;
  const { looks, cap, alpha, stoppedAt, method } = sequential;
  const last = looks.at(-1);
  const most = method === 'evidence' ? 'without a cap' : `at most ${count(cap, 'pair')}`;
  const how = `${count(looks.length, 'look')}, ${most}, alpha ${Number(alpha.toPrecision(3))} in all`;
  return {
    name: stoppedAt === null ? 'Not stopped' : 'Stopped at',
    value: count(stoppedAt ?? last?.n ?? 0, 'pair'),
    detail: last === undefined ? `${how}; no look yet` : `${boundaryText(last, alpha)}; ${how}`,
  };
}

/** The same as a table without titles. */
export function factsTable(comparison: ReportComparison): Table {
  return tableOf('The numbers of the verdict', verdictFacts(comparison), [
    textColumn('', ({ name }) => name),
    textColumn('', ({ value }) => value),
    textColumn('', ({ detail }) => detail),
  ]);
}

function winningText({ outperforms, labels }: ReportComparison): string {
  if (!outperforms.computable) return '';
  const { p, interval } = outperforms;
  return `P(${labels.challenger} beats ${labels.baseline}) ${probabilityText(p)}, ${probabilityRange(interval)}; `;
}

function pairingFact({ correlation, pairingGain, pairs }: ReportComparison): VerdictFact {
  const name = 'What pairing bought';
  if (!pairingGain.computable) return { name, value: '–', detail: pairingGain.because };
  const { factor, unpairedSeeds } = pairingGain;
  const needed =
    unpairedSeeds > mostPairs
      ? `more than ${count(mostPairs, 'seed')}`
      : count(unpairedSeeds, 'seed');
  const r = correlation.computable ? `; correlation ${correlation.r.toFixed(2)}` : '';
  return {
    name,
    value:
      factor > mostPairs
        ? `more than ×${formatCount(mostPairs)}`
        : `×${factor.toFixed(factor < 10 ? 1 : 0)}`,
    detail: `unpaired, each variant would need ${needed} instead of ${pairs.completed}${r}`,
  };
}

function neededFact({ pairsToDecide, pairs }: ReportComparison): VerdictFact {
  const { power, toShowDifference, toShowEquivalence, more } = pairsToDecide;
  const name = 'Seeds to decide';
  const chance = `with ${formatLevel(power)} power`;
  const parts = [
    ...(toShowDifference.computable ? [`${toShowDifference.pairs} for a difference`] : []),
    ...(toShowEquivalence.computable ? [`${toShowEquivalence.pairs} for equivalence`] : []),
  ];
  if (more === null || parts.length === 0) {
    const because = toShowDifference.computable ? '' : toShowDifference.because;
    return { name, value: 'unknown', detail: because };
  }
  return {
    name,
    value: more === 0 ? `${pairs.completed}` : `${more} more`,
    detail: `${parts.join(', ')}, ${chance}, if the effect is what it seems`,
  };
}
