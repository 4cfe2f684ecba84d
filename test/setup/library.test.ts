import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import { planLibrary, thisMachine, type Machine } from '../../src/setup/library.js';
import { requirementsOf } from '../../src/setup/pip.js';

const linux: Machine = { platform: 'linux', arch: 'x64', glibc: '2.36' };

describe('planLibrary', () => {
  it('takes the small wheel for a CPU and the one with CUDA for a GPU', () => {
    expect(planLibrary(linux, false).wheel.project).to.equal('tensorflow-cpu');
    const gpu = planLibrary(linux, true);
    expect(gpu.wheel.project).to.equal('tensorflow');
    expect(gpu.extraWheels.map(({ project }) => project)).to.include('nvidia-cudnn-cu12');
    expect(planLibrary({ ...linux, arch: 'arm64' }, false).wheel.project).to.equal('tensorflow');
  });

  it('keeps libraries that differ apart in the cache', () => {
    const keys = [
      planLibrary(linux, false),
      planLibrary(linux, true),
      planLibrary({ ...linux, arch: 'arm64' }, false),
    ].map(({ key }) => key);
    expect(new Set(keys).size).to.equal(3);
    expect(keys[0]).to.equal('2.21.0-linux-x64-cpu');
  });

  it('refuses what PyPI has no library for, as a usage error that names the embedded engine', () => {
    for (const machine of [
      { ...linux, glibc: undefined },
      { ...linux, glibc: '2.17' },
      { ...linux, arch: 'riscv64' },
    ]) {
      expect(() => planLibrary(machine, false))
        .to.throw(LockstepError)
        .that.includes({ code: 'usage' })
        .with.property('hint')
        .that.contains('wasm');
    }
    expect(() => planLibrary({ ...linux, arch: 'arm64' }, true)).to.throw(LockstepError);
  });

  it('compares versions by number, not by letter', () => {
    expect(() => planLibrary({ ...linux, glibc: '2.9' }, false)).to.throw(LockstepError);
    expect(planLibrary({ ...linux, glibc: '2.100' }, false).version).to.equal('2.21.0');
  });

  it('knows this machine', () => {
    expect(thisMachine()).to.include({ platform: process.platform, arch: process.arch });
  });
});

describe('requirementsOf', () => {
  it('pins every wheel to one hash', () => {
    const { wheel, extraWheels } = planLibrary(linux, true);
    const lines = requirementsOf([wheel, ...extraWheels])
      .trimEnd()
      .split('\n');
    expect(lines).to.have.length(1 + extraWheels.length);
    for (const line of lines) expect(line).to.match(/^[\w-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  });
});
