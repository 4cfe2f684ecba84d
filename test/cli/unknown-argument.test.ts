import { expect } from 'chai';
import { unknownArgument } from '../../src/cli/unknown-argument.js';

const commands = ['run', 'resume', 'completion'];
const help = `lockstep run [config]

Options:
  --seeds    Seeds: 1..10
  --dry-run  Check everything, and do not --sedes
  --quiet    Print errors only
`;

describe('an unknown argument', () => {
  const cases: readonly [argv: string, names: string[], message: string][] = [
    ['rum', ['rum'], 'expected a command, got rum; did you mean run?'],
    ['xyz --seeds 1', ['xyz'], 'expected a command, got xyz'],
    ['run --sedes 1', ['sedes'], 'unknown flag --sedes; did you mean --seeds?'],
    ['run --dryrun', ['dryrun'], 'unknown flag --dryrun; did you mean --dry-run?'],
    ['run --sedes=1 --other', ['other', 'sedes'], 'unknown flag --sedes; did you mean --seeds?'],
    ['run --no-quite', ['quite'], 'unknown flag --no-quite; did you mean --quiet?'],
    ['run -x', ['x'], 'unknown flag -x'],
    ['run debug mlp', ['mlp'], 'expected no further argument, got mlp'],
  ];
  for (const [line, names, message] of cases) {
    it(`of \`lockstep ${line}\` is told as: ${message}`, () => {
      const error = unknownArgument(names, { argv: line.split(' '), commands, help });
      expect(error.message).to.equal(message);
      expect(error.code).to.equal('usage');
    });
  }
});
