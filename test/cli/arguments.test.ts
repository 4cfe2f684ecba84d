import { expect } from 'chai';
import fc from 'fast-check';
import { commonFlags, readValues, sortArguments, unknownCommand } from '../../src/cli/arguments.js';
import type { Command } from '../../src/cli/command.js';
import { commandNames, loadCommand, loadCommands } from '../../src/cli/commands/index.js';
import { LockstepError } from '../../src/protocol/index.js';
import { expectError } from '../support/expect-error.js';

async function commandNamed(name: string): Promise<Command> {
  const command = await loadCommand(name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

async function valuesOf(name: string, ...argv: string[]) {
  const command = await commandNamed(name);
  return readValues(sortArguments(argv, command), command);
}

describe('the arguments of a command', () => {
  it('are flags in any spelling, and positionals', async () => {
    const spellings = [
      ['debug', '--seeds', '1..3', '--set', 'a.b=1', '--set=c=-1', '--dry-run'],
      ['--dry-run', '--set', 'a.b=1', '--seeds=1..3', '--set', 'c=-1', '--', 'debug'],
    ];
    for (const argv of spellings) {
      expect(await valuesOf('run', ...argv)).to.deep.include({
        config: 'debug',
        seeds: '1..3',
        set: ['a.b=1', 'c=-1'],
        dryRun: true,
        json: false,
        out: 'runs',
        jobs: 1,
        stallTimeout: 30 * 60_000,
      });
    }
    for (const argv of [['-n', '5'], ['-n5'], ['-n=5'], ['--lines', '5']]) {
      expect(await valuesOf('tail', ...argv)).to.deep.include({ lines: 5, runDir: undefined });
    }
  });

  it('may have values that begin with a minus or are in quotes, as typed', async () => {
    const { where, since } = await valuesOf(
      'tail',
      ...['--where', '-0.1<step', '--where', '"a" = "b"', '--where=--x', '--since', '-5'],
    );
    expect(where).to.deep.equal(['-0.1<step', '"a" = "b"', '--x']);
    expect(since).to.equal('-5');
  });

  const cases: readonly [line: string, message: string][] = [
    ['run --sedes 1', 'unknown flag --sedes; did you mean --seeds?'],
    ['run --dryrun', 'unknown flag --dryrun; did you mean --dry-run?'],
    ['run --dryRun', 'unknown flag --dryRun; did you mean --dry-run?'],
    ['run --no-quite', 'unknown flag --no-quite'],
    ['run --no-json', 'unknown flag --no-json'],
    ['run --no-out', 'unknown flag --no-out'],
    ['run --set.training.steps=5', 'unknown flag --set.training.steps; did you mean --set?'],
    ['run --out.x=1', 'unknown flag --out.x; did you mean --out?'],
    ['run --json.x', 'unknown flag --json.x; did you mean --json?'],
    ['run --__proto__=1', 'unknown flag --__proto__'],
    ['run --constructor', 'unknown flag --constructor'],
    ['run --=x', 'unknown flag --'],
    ['run -x', 'unknown flag -x'],
    ['tail -nx', '--lines: expected a whole number from 0 to 9007199254740991, got x'],
    ['run --json=yes', '--json: expected no value, got yes'],
    ['run --json=', '--json: expected no value, got an empty one'],
    ['run --out', '--out: expected a value, got none'],
    ['run --out --json', '--out: expected a value, got none'],
    ['run --out=', '--out: expected a value, got an empty one'],
    ['run --set=', '--set: expected a value, got an empty one'],
    ['run --out a --out b', '--out: expected one value, got a and b'],
    ['run --engine cuda', '--engine: expected auto, wasm, tensorflow, got cuda'],
    ['run --jobs 0', '--jobs: expected a whole number from 1 to 9999, or auto, got 0'],
    ['run --jobs 1.5', '--jobs: expected a whole number from 1 to 9999, or auto, got 1.5'],
    [
      'run --stall-timeout 30',
      '--stall-timeout: expected a duration such as 90s, 30m or 2h, or 0 for none, got 30',
    ],
    ['run debug mlp', 'expected no further argument, got mlp'],
    [
      'resume',
      'expected runDir, got none: Folder of the run, for instance runs/latest, or its store',
    ],
    ['report --gate better --gate worse', '--gate: expected one value, got better and worse'],
  ];
  for (const [line, message] of cases) {
    it(`of \`lockstep ${line}\` are refused: ${message}`, async () => {
      const [name = '', ...argv] = line.split(' ');
      const command = await commandNamed(name);
      let error: unknown;
      try {
        readValues(sortArguments(argv, command), command);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(LockstepError).and.include({ code: 'usage', message });
    });
  }

  it('are accepted or refused by name, whatever they are', async () => {
    const commands = await loadCommands();
    const flags = [
      ...new Set(
        [...commands, { flags: commonFlags }].flatMap((command) => Object.keys(command.flags)),
      ),
    ];
    const word = fc.oneof(
      fc.constantFrom('', '-', '--', '1', 'x', 'true', 'false', '"', "'a'", 'a=b', '1..3', '-1'),
      fc.string({ maxLength: 4 }),
    );
    const flag = fc
      .tuple(
        fc.constantFrom('--', '--no-', '-', '---', '--__proto__.', '--constructor.'),
        fc.oneof(fc.constantFrom(...flags), fc.string({ maxLength: 3 })),
        fc.constantFrom('', '.x', '.training.steps', '.__proto__', '[0]', '-'),
        fc.constantFrom('', '=', '=x', '=true', '=1', '=="'),
      )
      .map((parts) => parts.join(''));
    const argument = fc.oneof(word, flag);
    fc.assert(
      fc.property(fc.constantFrom(...commands), fc.array(argument), (command, argv) => {
        const known = { ...command.positionals, ...command.flags };
        try {
          const values = readValues(sortArguments(argv, command), command);
          expect(Object.keys(values)).to.have.length(Object.keys(known).length);
        } catch (error) {
          if (!(error instanceof LockstepError)) throw error;
          expect(error.code).to.equal('usage');
          // The word to look at on the command line, or what is missing there.
          const named = [...argv, ...Object.keys(known)].map((typed) => typed || 'an empty one');
          const words = named.map((typed) => typed.replace(/^(--[^=]*|-.).*$/su, '$1'));
          expect(
            words.some((typed) => error.message.includes(typed)),
            error.message,
          ).to.equal(true);
        }
      }),
      { interruptAfterTimeLimit: 5000, numRuns: 3000 },
    );
  });

  it('begin with a command', async () => {
    await expectError('usage', 'expected a command, got swep; did you mean sweep?', () => {
      throw unknownCommand('swep', commandNames);
    });
    await expectError('usage', 'expected a command, got none', () => {
      throw unknownCommand(undefined, commandNames);
    });
  });
});
