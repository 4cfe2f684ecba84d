import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { engineEnvironment, findAllocator } from '../../src/engines/environment.js';

describe('engineEnvironment', () => {
  it('leaves wasm alone', () => {
    expect(engineEnvironment('wasm', { sessions: 2, cores: 8 })).to.deep.equal({});
  });

  it('shares the cores between the sessions, at least one thread each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 128 }), (s, c) => {
        const threads = Number(
          engineEnvironment('tensorflow', { sessions: s, cores: c }).TF_NUM_INTRAOP_THREADS,
        );
        expect(threads).to.be.at.least(1);
        expect(threads === 1 || threads * s <= c).to.equal(true);
      }),
    );
  });

  it('turns oneDNN on and lets sessions share a GPU', () => {
    expect(engineEnvironment('tensorflow', { sessions: 2, cores: 2 })).to.include({
      TF_ENABLE_ONEDNN_OPTS: '1',
      TF_NUM_INTRAOP_THREADS: '1',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    });
  });

  it('keeps what people set themselves', () => {
    const environment = engineEnvironment('tensorflow', {
      sessions: 2,
      cores: 2,
      inherited: { TF_ENABLE_ONEDNN_OPTS: '0', HOME: '/home/someone' },
    });
    expect(environment.TF_ENABLE_ONEDNN_OPTS).to.equal('0');
    expect(environment).not.to.have.property('HOME');
  });

  it('shows a trial one GPU, none, or all', () => {
    const of = (visibleDevices: string | undefined) =>
      engineEnvironment('tensorflow', {
        sessions: 2,
        cores: 2,
        visibleDevices,
        inherited: { CUDA_VISIBLE_DEVICES: '0,1' },
      }).CUDA_VISIBLE_DEVICES;
    expect(of('1')).to.equal('1');
    expect(of('-1')).to.equal('-1');
    expect(of(undefined)).to.equal(undefined);
  });

  it('preloads an allocator instead of tuning glibc', () => {
    const environment = engineEnvironment('tensorflow', {
      sessions: 2,
      cores: 2,
      allocator: '/lib/libjemalloc.so.2',
    });
    expect(environment.LD_PRELOAD).to.equal('/lib/libjemalloc.so.2');
    expect(environment).not.to.have.property('MALLOC_TOP_PAD_');
  });
});

describe('findAllocator', () => {
  it('finds the first of the usual allocators, on Linux only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-allocator-'));
    try {
      expect(findAllocator([folder], 'linux')).to.equal(undefined);
      const file = join(folder, 'libjemalloc.so.2');
      writeFileSync(file, '');
      expect(findAllocator([folder], 'linux')).to.equal(file);
      expect(findAllocator([folder], 'darwin')).to.equal(undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
