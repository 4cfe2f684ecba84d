import { dispatchRun } from '../app/dispatch-run.js';
import { startRun } from '../app/execute-run.js';
import { loadRequested, planRun } from '../app/plan-run.js';
import type { LoadedConfig } from '../config/load.js';
import { printConfig } from '../config/print.js';
import type { Config } from '../config/schema.js';
import { jsonText } from '../files/write-atomic.js';
import { LockstepError } from '../protocol/index.js';
import type { Manifest } from '../run/manifest.js';
import type { CommandContext, ExitCode } from './context.js';
import { finishRun } from './finish-run.js';
import type { Values } from './flags.js';
import { scheduleOf } from './options.js';
import type { trainingFlags } from './options.js';
import { printDispatch } from './print-dispatch.js';
import { renderDryRun } from './render-dry-run.js';
import { usesColor } from './terminal.js';

/**
 * Loads a configuration, makes a run of it and trains it.
 * @param select what to train of the configuration; throws for one that the command does not train
 * @param variance makes the trials cells of a Latin square
 */
export async function train(
  values: Values<typeof trainingFlags> & { readonly config: string },
  context: CommandContext,
  select: (loaded: LoadedConfig) => LoadedConfig,
  variance?: Manifest['variance'],
): Promise<ExitCode> {
  const schedule = scheduleOf(values);
  if (values.store === undefined && (values.sendData || values.queue !== undefined)) {
    const flag = values.sendData ? '--send-data' : '--queue';
    throw new LockstepError('usage', `${flag}: expected --store with it, got none`);
  }
  const loaded = await loadRequested(values, context);
  if (values.printConfig) {
    const { config } = loaded;
    context.stdout.write(values.json ? jsonText(config) : printConfig(config));
    return 0;
  }
  const selected = select(loaded);
  const { manifest, plan, warnings } = await planRun(selected, values, context, variance);
  const notes = [
    ...ignoredParts(loaded.config, selected.config),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
  if (!values.quiet) for (const note of notes) context.stderr.write(`${note}\n`);
  if (values.dryRun) {
    const { stdout, env } = context;
    stdout.write(
      values.json ? jsonText(plan) : renderDryRun(plan, { color: usesColor(stdout, env) }),
    );
    return 0;
  }
  if (values.store !== undefined) {
    const asked = { base: values.store, withData: values.sendData, queue: values.queue };
    printDispatch(await dispatchRun(manifest, asked, context), values, context);
    return 0;
  }
  return finishRun(
    (startProgress, surroundings) =>
      startRun(manifest, values.out, schedule, startProgress, surroundings),
    values,
    context,
  );
}

/** Says what a configuration plans and the command does not do. */
function ignoredParts(asked: Config, selected: Config): string[] {
  const ignored = (part: string, command: string) =>
    `Ignoring ${part} of this configuration: run it with \`lockstep ${command}\`.`;
  const isLost = (planOf: (config: Config) => unknown) =>
    planOf(asked) !== undefined && planOf(selected) === undefined;
  return [
    ...(isLost(({ sweep }) => sweep) ? [ignored('the sweep', 'sweep')] : []),
    ...(isLost(({ decision }) => decision.sequential)
      ? [ignored('decision.sequential', 'decide')]
      : []),
  ];
}
