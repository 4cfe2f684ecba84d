import { execFile } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { createLivePainter } from '../../../src/cli/views/live-painter.js';

const run = promisify(execFile);
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseLine = '\u001b[2K';

function terminal() {
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
  const written = () => {
    const chunk = stream.read() as Buffer | null;
    return chunk === null ? '' : chunk.toString();
  };
  return { stream, written };
}

describe('createLivePainter', () => {
  it('hides the cursor once, paints over the last block, and restores it all', () => {
    const { stream, written } = terminal();
    const painter = createLivePainter(stream);
    painter.paint('one\ntwo');
    expect(written()).to.equal(`${hideCursor}one\ntwo\n`);
    painter.paint('three\nfour');
    const second = written();
    expect(second).to.not.contain(hideCursor);
    expect(second.split(eraseLine)).to.have.lengthOf(4);
    expect(second).to.match(/three\nfour\n$/);
    painter.dispose();
    const last = written();
    expect(last).to.contain(eraseLine);
    expect(last.endsWith(showCursor)).to.equal(true);
  });

  it('writes lasting lines where the block was', () => {
    const { stream, written } = terminal();
    const painter = createLivePainter(stream);
    painter.paint('block');
    written();
    painter.print('a warning');
    const lasting = written();
    expect(lasting).to.contain(eraseLine);
    expect(lasting.endsWith('a warning\n')).to.equal(true);
    painter.paint('block');
    expect(written()).to.equal('block\n');
  });

  it('leaves a terminal it never painted on alone', () => {
    const { stream, written } = terminal();
    createLivePainter(stream).dispose();
    expect(written()).to.equal('');
  });

  it('writes nothing after it is disposed of, nor to a closed stream', () => {
    const { stream, written } = terminal();
    const painter = createLivePainter(stream);
    painter.paint('block');
    painter.dispose();
    written();
    painter.dispose();
    painter.paint('late');
    painter.print('late');
    expect(written()).to.equal('');
    const closed = terminal().stream;
    closed.destroy();
    const other = createLivePainter(closed);
    other.paint('block');
    other.dispose();
  });

  it('shows the cursor again when the process exits without disposing of it', async () => {
    const module = new URL('../../../src/cli/views/live-painter.js', import.meta.url);
    for (const exit of ['process.exit(130)', 'process.kill(process.pid, "SIGHUP")']) {
      const program = `
        import { createLivePainter } from ${JSON.stringify(module)};
        createLivePainter(process.stdout).paint('block');
        setInterval(() => { ${exit}; }, 10);`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]).catch(
        (error: unknown) => error as { stdout: string },
      );
      expect(stdout).to.contain(hideCursor);
      expect(stdout.endsWith(showCursor), exit).to.equal(true);
    }
  });

  it('leaves no listener on the process', () => {
    const before = process.eventNames().map((name) => process.listenerCount(name));
    const { stream } = terminal();
    const painter = createLivePainter(stream);
    painter.paint('block');
    painter.dispose();
    expect(process.eventNames().map((name) => process.listenerCount(name))).to.deep.equal(before);
  });
});
