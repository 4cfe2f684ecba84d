import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import { commandExecutor, splitWords } from '../../../src/schedule/executors/command.js';
import type { TrialEvent } from '../../../src/schedule/executors/executor.js';
import { expectError } from '../../support/expect-error.js';
import { lockstep, onlyRun, startLockstep } from '../../support/lockstep.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

describe('a command in front of a trial', function () {
  this.timeout(60_000);

  it('is split into words as a shell does', () => {
    const cases: readonly [text: string, words: string[]][] = [
      ['nice -n 10', ['nice', '-n', '10']],
      ['  env  A=1 ', ['env', 'A=1']],
      [`env "A=b c" 'd "e"' f\\ g`, ['env', 'A=b c', 'd "e"', 'f g']],
      [`x "" a'b'"c" "\\"\\x\\\\"`, ['x', '', 'abc', '"\\x\\']],
    ];
    for (const [text, words] of cases) {
      expect(splitWords(text, '--launcher')).to.deep.equal(words);
    }
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (program, others) => {
        const words = [program, ...others];
        const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(splitWords(quoted, '--launcher')).to.deep.equal(words);
      }),
    );
  });

  it('is refused where only a shell could run it', async () => {
    for (const text of ['', ' ', '""', 'a | b', 'a > b', 'a $B', "a 'b", 'a "b', 'a \\', 'a; b']) {
      await expectError('usage', '--launcher: expected a command and its arguments, got', () =>
        splitWords(text, '--launcher'),
      );
    }
  });

  /** The events of trial 0 under a script of the shell. */
  async function eventsUnder(folder: string, script: string): Promise<TrialEvent[]> {
    const program = join(folder, 'launch');
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    await mkdir(join(folder, 'trials/0000'), { recursive: true });
    const create = commandExecutor.parse(`'${program}'`, '--launcher');
    const executor = create({ runFolder: folder, slots: 1, environment: () => ({ SLOT: 'a' }) });
    const stop = new AbortController().signal;
    return lastValueFrom(
      executor.launch({ index: 0, seed: 1, point: {} }, 0, stop).pipe(toArray()),
    );
  }
  const end = (rest: string) =>
    `echo '{"event":"trial.end","schemaVersion":2,"trial":0,"seq":1,"step":3,${rest}}' >> trials/0000/log.ndjson`;
  const inFolder = 'cd "$(dirname "$0")" || exit 9';

  it('tells what the log says, and completes with it', async () => {
    await withTemporaryFolder(async (folder) => {
      const script = [
        inFolder,
        'echo "$SLOT $4 $5" > given',
        end('"outcome":"diverged"'),
        'exit 4',
      ];
      const events = await eventsUnder(folder, script.join('\n'));
      expect(events).to.have.length(1);
      expect(events[0]).to.have.nested.property('record.outcome', 'diverged');
      expect(await readFile(join(folder, 'given'), 'utf8')).to.equal(`a ${folder} 0\n`);
    });
  });

  it('fails with what the log says, what the exit code says, or as a process that died', async () => {
    await withTemporaryFolder(async (folder) => {
      const failed = end('"outcome":"failed","code":"disk","reason":"no room"');
      const cases: readonly [string, 'disk' | 'data' | 'worker' | 'usage', string][] = [
        ['echo lockstep: no such file >&2; exit 3', 'data', 'no such file'],
        [
          'echo boom >&2; exit 127',
          'worker',
          'its process died (exit code 127); its last output:\nboom',
        ],
        ['kill -9 $$', 'worker', 'its process died (killed by SIGKILL)'],
        [`${inFolder}; ${failed}; exit 5`, 'disk', 'no room'],
      ];
      for (const [script, code, message] of cases) {
        await expectError(code, message, () => eventsUnder(folder, script));
      }
      const create = commandExecutor.parse('/no/such/program', '--launcher');
      const executor = create({ runFolder: folder, slots: 1, environment: () => ({}) });
      const trial = { index: 0, seed: 1, point: {} };
      await expectError('usage', '--launcher: cannot start /no/such/program', () =>
        lastValueFrom(executor.launch(trial, 0, new AbortController().signal)),
      );
    });
  });

  it('trains, stops and goes on like a process of its own', async () => {
    await withTemporaryFolder(async (cwd) => {
      const launcher = ['--launcher', 'nice -n 5 env LAUNCHED=yes'];
      const steps = ['--set', 'training.steps=2000', '--set', 'checkpoint.every=100'];
      const running = startLockstep(cwd, 'run', 'debug', '--engine', 'wasm', ...steps, ...launcher);
      await running.saw(/step +\d\d\/2000/);
      running.child.kill('SIGINT');
      expect((await running.finished).code).to.equal(130);
      const short = ['--seeds', '1..2', '--jobs', '2', '--out', 'others'];
      const other = await lockstep(cwd, 'run', 'debug', '--engine', 'wasm', ...short, ...launcher);
      expect(other.code, other.stderr).to.equal(0);
      expect(other.stderr).to.match(/completed +after step 10; 2 of 2 trials/);
      expect((await lockstep(cwd, 'verify', await onlyRun(cwd))).code).to.equal(0);
    });
  });
});
