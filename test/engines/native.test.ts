import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { listGpus } from '../../src/engines/gpus.js';
import { bindingPath, inspectNative, stampPath } from '../../src/engines/native.js';

describe('inspectNative', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'lockstep-native-'))));
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function put(file: string, text = ''): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  const library = { linux: 'libtensorflow_cc.so.2', darwin: 'libtensorflow.2.dylib' };
  const libraryFile = () =>
    join(root, 'deps', 'lib', process.platform === 'darwin' ? library.darwin : library.linux);

  it('says what is missing, piece by piece', function () {
    if (process.platform === 'win32') this.skip();
    expect(inspectNative(undefined)).to.deep.include({ installed: false });
    expect(inspectNative(root)).to.have.property('reason').that.contains('not built');
    put(bindingPath(root));
    expect(inspectNative(root)).to.have.property('reason').that.contains('libtensorflow');
    put(libraryFile());
    expect(inspectNative(root)).to.deep.equal({
      installed: true,
      binding: bindingPath(root),
      stamp: undefined,
    });
  });

  it('reads what setup recorded', function () {
    if (process.platform === 'win32') this.skip();
    put(bindingPath(root));
    put(libraryFile());
    const stamp = { tensorflow: '2.21.0', source: 'pypi', gpu: false, patched: true };
    put(stampPath(root), JSON.stringify(stamp));
    expect(inspectNative(root)).to.deep.include({ installed: true, stamp });
  });
});

describe('listGpus', () => {
  it('names the cards the driver lists, in order, and none without a driver', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-gpus-'));
    try {
      expect(listGpus(join(folder, 'absent'))).to.deep.equal([]);
      for (const [bus, model] of [
        ['0000:02:00.0', 'NVIDIA B'],
        ['0000:01:00.0', 'NVIDIA A'],
      ] as const) {
        mkdirSync(join(folder, bus));
        writeFileSync(join(folder, bus, 'information'), `Model: \t\t ${model}\nIRQ: 1\n`);
      }
      expect(listGpus(folder)).to.deep.equal(['NVIDIA A', 'NVIDIA B']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
