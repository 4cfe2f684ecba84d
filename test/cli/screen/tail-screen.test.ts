import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { lockstep } from '../../support/lockstep.js';
import { withTemporaryFolder } from '../../support/temporary-folder.js';

const main = fileURLToPath(new URL('../../../bin/lockstep.js', import.meta.url));

const escape = '\u001b';

/** Starts a command in a terminal of its own, which `script` of util-linux makes. */
function startInTerminal(cwd: string, size: string, command: string) {
  const child = spawn('script', ['-qefc', `stty ${size}; ${command}`, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  let check: () => void = () => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    check();
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const saw = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      check = () => {
        if (pattern.test(stripVTControlCharacters(output))) resolve();
      };
      check();
      void ended.then(() => {
        reject(new Error(`ended without ${String(pattern)}:\n${output}`));
      });
    });
  return { press: (keys: string) => child.stdin.write(keys), saw, ended, output: () => output };
}

describe('lockstep tail --ui', function () {
  this.timeout(120_000);

  it('shows a run as it is trained, takes keys, and gives the terminal back', async function () {
    // Elsewhere `script` takes other arguments.
    if (process.platform !== 'linux') this.skip();
    await withTemporaryFolder(async (cwd) => {
      const command = `'${process.execPath}' '${main}' tail --ui --wait`;
      const terminal = startInTerminal(cwd, 'cols 90 rows 30', command);
      const run = ['run', 'debug', '--engine', 'wasm', '--seeds', '1..2', '--quiet'];
      const running = lockstep(cwd, ...run, '--set', 'training.steps=60');
      await terminal.saw(/minibatch loss, log scale {2}trial 0, seed 1 {2}running/);
      expect((await running).code).to.equal(0);
      await terminal.saw(/The run is over; q leaves/);
      await terminal.saw(/SNN - ReLU {2}.* 95% CI \[.*\] {2}2 of 2 seeds/);
      terminal.press('m');
      await terminal.saw(/minibatch accuracy {2}trial/);
      terminal.press('k');
      await terminal.saw(/minibatch accuracy {2}trial 0, seed 1 {2}completed/);
      terminal.press('q');
      expect(await terminal.ended).to.equal(0);
      const output = terminal.output();
      expect(output.indexOf(`${escape}[?1049h`)).to.be.within(
        0,
        output.indexOf(`${escape}[?1049l`),
      );
      const cursor = (shown: boolean) => output.lastIndexOf(`${escape}[?25${shown ? 'h' : 'l'}`);
      expect(cursor(true)).to.be.above(cursor(false));
      // With NO_COLOR nothing is painted.
      expect(output.split(`${escape}[`).filter((text) => /^[\d;]*m/.test(text))).to.deep.equal([]);
    });
  });

  it('gives the terminal back when it crashes or is hung up, too', async function () {
    if (process.platform !== 'linux') this.skip();
    await withTemporaryFolder(async (cwd) => {
      await lockstep(cwd, 'run', 'debug', '--engine', 'wasm', '--quiet');
      for (const how of [
        'throw new Error("something unheard of")',
        'process.kill(process.pid, "SIGHUP")',
      ]) {
        await rm(join(cwd, 'now'), { force: true });
        await writeFile(
          join(cwd, 'end.mjs'),
          `import { existsSync } from "node:fs"; setInterval(() => { if (existsSync("now")) ${how}; }, 20);`,
        );
        const command = `'${process.execPath}' --import ./end.mjs '${main}' tail --ui; stty -a`;
        const terminal = startInTerminal(cwd, 'cols 90 rows 30', command);
        await terminal.saw(/The run is over/);
        await writeFile(join(cwd, 'now'), '');
        await terminal.ended;
        const output = terminal.output();
        const after = output.slice(output.lastIndexOf(`${escape}[?1049l`));
        expect(output, how).to.include(`${escape}[?1049l`);
        expect(output.lastIndexOf(`${escape}[?25h`)).to.be.above(
          output.lastIndexOf(`${escape}[?25l`),
        );
        // Of a terminal in raw mode stty says -icanon and -echo.
        expect(after)
          .to.match(/(?<!-)icanon/)
          .and.match(/(?<!-)\becho\b/);
      }
    });
  });

  it('says what it needs, and ends with 2, without a terminal and with flags that choose lines', async () => {
    await withTemporaryFolder(async (cwd) => {
      const piped = await lockstep(cwd, 'tail', '--ui', '--out', join(cwd, 'runs'));
      expect(piped.stderr).to.include('--ui: expected a terminal, but standard output is not one');
      expect(piped.code).to.equal(2);
      const lines = await lockstep(cwd, 'tail', '--ui', '--json', '--every', '2');
      expect(lines.stderr).to.include('--ui: cannot be combined with --json, --every');
      expect(lines.code).to.equal(2);
    });
  });
});
