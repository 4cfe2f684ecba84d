import type { CommandModule } from 'yargs';
import { bench } from '../../bench/bench.js';
import { chooseEngine } from '../../engines/choose.js';
import { engineNames, LockstepError, type EngineName } from '../../protocol/index.js';
import type { CommandContext, ExitCode } from '../context.js';
import { renderBench } from '../render-bench.js';

interface BenchArguments {
  readonly config: string | undefined;
  readonly engine: EngineName | 'auto';
  readonly rounds: string;
  readonly steps: string;
  readonly json: boolean;
}

/** `lockstep bench`: what a paired step costs here, and where the time goes. */
export function benchCommand(
  context: CommandContext,
  exit: (code: ExitCode) => void,
): CommandModule<object, BenchArguments> {
  return {
    command: 'bench [config]',
    describe: 'Measure what a paired step costs on this machine, and where the time goes',
    builder: (yargs) =>
      yargs
        .positional('config', { type: 'string', describe: 'Configuration (default: the tutorial)' })
        .option('engine', {
          choices: ['auto', ...engineNames] as const,
          default: 'auto' as const,
          describe: 'Engine to measure',
        })
        .option('rounds', { type: 'string', default: '5', describe: 'Rounds to take medians of' })
        .option('steps', { type: 'string', default: '45', describe: 'Steps a round' })
        .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' }),
    handler: async ({ config, engine, rounds, steps, json }) => {
      const choice = chooseEngine(engine);
      context.stderr.write(`engine ${choice.reason}\n`);
      const result = await bench({
        engine: choice.name,
        config: config ?? 'tutorial',
        cwd: context.cwd,
        rounds: positive(rounds, '--rounds'),
        steps: positive(steps, '--steps'),
        signal: context.stop,
        onRound: (round) => {
          context.stderr.write(`round ${round} of ${rounds}\n`);
        },
      });
      context.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : renderBench(result));
      exit(0);
    },
  };
}

function positive(text: string, flag: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new LockstepError('usage', `Expected ${flag} to be a positive whole number, got ${text}.`);
}
