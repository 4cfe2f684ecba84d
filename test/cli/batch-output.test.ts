import { setImmediate as nextTurn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { batchOutput } from '../../src/cli/batch-output.js';

/** Takes in nothing until `drain`. */
function slowReader() {
  const taken: string[] = [];
  let release: () => void = () => undefined;
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write(text: string, _, done) {
      taken.push(text);
      release = done;
    },
  });
  return {
    stream,
    taken,
    drain: () => {
      release();
    },
  };
}

describe('batched output', () => {
  it('writes what comes within a turn at once', async () => {
    const { stream, taken, drain } = slowReader();
    const output = batchOutput(stream);
    for (const text of ['a', 'b', 'c']) expect(output.write(text)).to.equal(undefined);
    expect(taken).to.deep.equal([]);
    await nextTurn();
    await nextTurn();
    expect(taken).to.deep.equal(['abc']);
    drain();
  });

  it('holds back whoever writes while the reader is behind, waiting once', async () => {
    const { stream, taken, drain } = slowReader();
    const output = batchOutput(stream);
    void output.write('first');
    await nextTurn();
    await nextTurn();
    for (let turn = 0; turn < 30; turn += 1) {
      expect(output.write('.')).to.be.instanceOf(Promise);
      await nextTurn();
    }
    expect(stream.listenerCount('drain')).to.equal(1);
    const flushed = output.flush();
    while (stream.writableNeedDrain) {
      drain();
      await nextTurn();
    }
    await flushed;
    expect(taken.join('')).to.equal(`first${'.'.repeat(30)}`);
  });
});
