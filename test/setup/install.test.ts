import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { bindingPath, inspectNative, type NativeStamp } from '../../src/engines/native.js';
import { installBinding, removeBinding } from '../../src/setup/install.js';

describe('installBinding', () => {
  let root: string;
  beforeEach(function () {
    if (process.platform !== 'linux') this.skip();
    root = mkdtempSync(join(tmpdir(), 'lockstep-install-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const stamp: NativeStamp = { tensorflow: '2.21.0', source: 'pypi', gpu: false, patched: true };

  function library(name: string): { libraries: string; headers: string } {
    const libraries = join(root, name);
    mkdirSync(libraries);
    writeFileSync(join(libraries, 'libtensorflow_cc.so.2'), name);
    return { libraries, headers: libraries };
  }

  it('puts the engine in place, again over itself, and over an official prebuilt', async () => {
    const packageRoot = join(root, 'package');
    mkdirSync(join(packageRoot, 'deps', 'lib'), { recursive: true });
    writeFileSync(join(packageRoot, 'deps', 'lib', 'libtensorflow.so.2'), 'official');
    const built = join(root, 'built.node');
    for (const name of ['one', 'two', 'two2']) {
      writeFileSync(built, name);
      await installBinding(packageRoot, built, library(name), stamp);
      expect(readFileSync(bindingPath(packageRoot), 'utf8')).to.equal(name);
      expect(readlinkSync(join(packageRoot, 'deps', 'lib'))).to.equal(join(root, name));
      expect(inspectNative(packageRoot)).to.deep.include({ installed: true, stamp });
    }
  });

  it('is seen as not installed after removal', async () => {
    const packageRoot = join(root, 'package');
    const built = join(root, 'built.node');
    writeFileSync(built, '');
    await installBinding(packageRoot, built, library('one'), stamp);
    await removeBinding(packageRoot);
    expect(inspectNative(packageRoot)).to.include({ installed: false });
  });
});
