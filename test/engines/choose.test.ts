import { expect } from 'chai';
import { chooseEngine } from '../../src/engines/choose.js';
import { inspectEngines, type EngineFacts } from '../../src/engines/status.js';
import { LockstepError } from '../../src/protocol/index.js';

const bare: EngineFacts = {
  native: { installed: false, reason: 'its native binding is not built yet' },
  gpus: [],
  wasmVersion: '4.22.0',
  ownSources: () => 'a1',
};

function setUp(
  stamp: { gpu: boolean; patched: boolean; own?: string },
  gpus: string[] = [],
): EngineFacts {
  return {
    native: {
      installed: true,
      binding: '/somewhere/tfjs_binding.node',
      stamp: { tensorflow: '2.21.0', source: 'pypi', own: 'a1', ...stamp },
    },
    gpus,
    wasmVersion: '4.22.0',
    ownSources: () => 'a1',
  };
}

function refusal(action: () => unknown): LockstepError {
  try {
    action();
  } catch (error) {
    if (error instanceof LockstepError) return error;
    throw error;
  }
  throw new Error('expected a LockstepError');
}

describe('inspectEngines', () => {
  it('lists an engine that is absent with why and how to get it', () => {
    const [wasm, tensorflow] = inspectEngines(bare);
    expect(wasm).to.deep.include({ name: 'wasm', available: true, version: '4.22.0' });
    expect(tensorflow).to.deep.include({
      name: 'tensorflow',
      available: false,
      reason: 'its native binding is not built yet',
      remedy: 'run `npx lockstep setup`',
    });
  });

  it('offers the GPUs only to a library built with CUDA', () => {
    const withCuda = inspectEngines(setUp({ gpu: true, patched: true }, ['NVIDIA H200']))[1]!;
    expect(withCuda.devices).to.deep.equal(['cpu', 'NVIDIA H200']);
    expect(withCuda.notes).to.deep.equal([]);
    const without = inspectEngines(setUp({ gpu: false, patched: true }, ['NVIDIA H200']))[1]!;
    expect(without.devices).to.deep.equal(['cpu']);
    expect(without.notes.join()).to.contain('npx lockstep setup --gpu');
  });

  it('says that a prebuilt binding is warmed up one session at a time', () => {
    const status = inspectEngines(setUp({ gpu: false, patched: false }))[1]!;
    expect(status.available).to.equal(true);
    expect(status.notes.join()).to.contain('one at a time');
  });

  it('says that a binding was built from other sources', () => {
    const notesOf = (own: string) =>
      inspectEngines(setUp({ gpu: false, patched: true, own }))[1]!.notes.join();
    expect(notesOf('b2')).to.contain('run `npx lockstep setup` again');
    expect(notesOf('a1')).to.equal('');
  });

  it('reads this installation without loading an engine', () => {
    expect(inspectEngines().map((engine) => engine.name)).to.deep.equal(['wasm', 'tensorflow']);
  });
});

describe('chooseEngine', () => {
  const absent = inspectEngines(bare);
  const present = inspectEngines(setUp({ gpu: false, patched: true }));

  it('takes tensorflow under auto when it is set up, and wasm otherwise, and says why', () => {
    expect(chooseEngine('auto', 'auto', present)).to.deep.equal({
      name: 'tensorflow',
      reason: 'tensorflow 2.21.0, native and the fastest here',
      device: 'auto',
      version: '2.21.0',
    });
    expect(chooseEngine('auto', 'auto', absent)).to.deep.equal({
      name: 'wasm',
      reason: 'wasm 4.22.0, because tensorflow is not set up: its native binding is not built yet',
      device: 'auto',
      version: '4.22.0',
    });
  });

  it('takes wasm when asked for by name though tensorflow is there', () => {
    expect(chooseEngine('wasm', 'auto', present).name).to.equal('wasm');
  });

  it('refuses an engine asked for by name and absent, as a usage error with the way to get it', () => {
    const error = refusal(() => chooseEngine('tensorflow', 'auto', absent));
    expect(error.code).to.equal('usage');
    expect(error.message).to.contain('not built yet');
    expect(error.hint).to.contain('npx lockstep setup');
  });

  it('refuses a GPU that is asked for and absent', () => {
    for (const request of ['auto', 'tensorflow', 'wasm'] as const) {
      const error = refusal(() => chooseEngine(request, 'gpu', present));
      expect(error.code).to.equal('usage');
      expect(error.message).to.contain('GPU');
    }
  });

  it('advises what helps where the engine asked for computes on the CPU only', () => {
    const withGpu = inspectEngines(setUp({ gpu: true, patched: true }, ['NVIDIA H200']));
    const wasm = refusal(() => chooseEngine('wasm', 'gpu', withGpu));
    expect(wasm.hint).to.contain('use --engine tensorflow').and.not.contain('setup');
    const built = inspectEngines(setUp({ gpu: false, patched: true }, ['NVIDIA H200']));
    expect(refusal(() => chooseEngine('tensorflow', 'gpu', built)).hint).to.match(
      /^Run `npx lockstep setup --gpu`/,
    );
    expect(refusal(() => chooseEngine('tensorflow', 'gpu', present)).hint).to.match(
      /^Use a machine/,
    );
  });

  it('takes the native engine for a GPU that is there', () => {
    const engines = inspectEngines(setUp({ gpu: true, patched: true }, ['NVIDIA H200']));
    expect(chooseEngine('auto', 'gpu', engines).name).to.equal('tensorflow');
  });
});
