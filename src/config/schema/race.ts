import type { z } from 'zod';
import { measuredMetrics, metricOfQuantity } from '../../metrics/registry.js';
import { orList } from '../../schema/fields.js';
import { countPoints } from '../plan-points.js';
import type { SweepConfig } from './sweep.js';

interface Racing {
  readonly sweep?: SweepConfig | undefined;
  readonly seeds: readonly number[];
  readonly variants: Readonly<Record<string, unknown>>;
  readonly baseline?: string | undefined;
  readonly evaluation: {
    readonly splits: readonly { readonly split: string }[];
    readonly metrics: readonly string[];
  };
}

/** The fewest seeds of a race: looks come after the second seed and before the last one. */
const fewestSeeds = 3;

/** That a race has seeds and points enough, and races by something that is measured. */
export function checkRace(config: Racing, context: z.core.$RefinementCtx): void {
  const { sweep, seeds, evaluation } = config;
  if (sweep?.method !== 'race') return;
  const refuse = (path: string[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
  };
  if (seeds.length < fewestSeeds) {
    const got = seeds.length;
    refuse(
      ['seeds'],
      `expected at least ${fewestSeeds} seeds for a race, which drops points after every seed but the first and the last, got ${got}`,
    );
  }
  const points = countPoints(sweep);
  if (points < 2) refuse(['sweep'], `expected at least 2 points to race, got ${points}`);
  const { metric } = sweep;
  const splits = evaluation.splits.map(({ split }) => split);
  const measured = measuredMetrics(evaluation);
  const at = ['sweep', 'metric'];
  if (metric !== undefined && !splits.some((split) => metric.startsWith(`${split}.`))) {
    refuse(at, `expected a metric of an evaluated split (${orList(splits)}), got ${metric}`);
  } else if (metric !== undefined && !measured.includes(metricOfQuantity(metric).name)) {
    refuse(
      at,
      `expected a metric that is measured (${orList(measured)}; evaluation.metrics adds others), got ${metric}`,
    );
  }
  checkRunner(config, sweep.of, refuse);
}

function checkRunner(
  { variants, baseline }: Racing,
  of: SweepConfig['of'],
  refuse: (path: string[], message: string) => void,
): void {
  const names = Object.keys(variants);
  const challengers = names.filter((name) => name !== (baseline ?? names[0]));
  const { variant, challenger } = of ?? {};
  if (of === undefined && challengers.length > 1) {
    refuse(
      ['sweep'],
      `expected \`of\` to say what races, such as { challenger: ${challengers[0]} }, as there are several challengers (${challengers.join(', ')}), got none`,
    );
  }
  if (variant !== undefined && !names.includes(variant)) {
    refuse(
      ['sweep', 'of', 'variant'],
      `expected the name of a variant (${orList(names)}), got ${variant}`,
    );
  }
  if (challenger !== undefined && !challengers.includes(challenger)) {
    const list = challengers.length === 0 ? 'there is none' : orList(challengers);
    refuse(
      ['sweep', 'of', 'challenger'],
      `expected the name of a challenger (${list}), got ${challenger}`,
    );
  }
}
