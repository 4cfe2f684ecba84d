import { startRun } from '../app/execute-run.js';
import { loadRequested, planRun } from '../app/plan-run.js';
import type { LoadedConfig } from '../config/load.js';
import { printConfig } from '../config/print.js';
import { LockstepError } from '../protocol/index.js';
import type { DeviceRequest, EngineName } from '../protocol/index.js';
import type { CommandContext, ExitCode } from './context.js';
import { finishRun } from './finish-run.js';
import { once, parseOutput, parseSchedule } from './options.js';
import { renderDryRun } from './render-dry-run.js';
import type { TrainingArguments } from './training-options.js';

/**
 * Loads a configuration, makes a run of it and trains it.
 * @param select what to train of the configuration; throws for one that the command does not train
 */
export async function train(
  args: TrainingArguments,
  context: CommandContext,
  select: (loaded: LoadedConfig) => LoadedConfig,
): Promise<ExitCode> {
  const output = parseOutput(args);
  const schedule = parseSchedule(args);
  const out = once(args.out, '--out');
  if (out === '') throw new LockstepError('usage', '--out: expected a folder, got nothing');
  const request = {
    config: once(args.config, 'config'),
    set: args.set,
    seeds: once(args.seeds, '--seeds'),
  };
  const loaded = await loadRequested(request, context);
  if (args.printConfig) {
    const { config } = loaded;
    context.stdout.write(
      output.json ? `${JSON.stringify(config, null, 2)}\n` : printConfig(config),
    );
    return 0;
  }
  const engine = once(args.engine, '--engine') as EngineName | 'auto';
  const device = once(args.device, '--device') as DeviceRequest;
  const manifest = await planRun(select(loaded), { engine, device, trace: args.trace }, context);
  if (args.dryRun) {
    context.stdout.write(renderDryRun(manifest, output));
    return 0;
  }
  return finishRun(
    (startProgress, surroundings) => startRun(manifest, out, schedule, startProgress, surroundings),
    output,
    context,
  );
}
