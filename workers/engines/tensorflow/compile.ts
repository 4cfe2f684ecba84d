import { tf } from '../../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { answer } from '../callback.js';
import type { Callback, Computation, Engine } from '../engine.js';
import type { NativeBackend } from './binding.js';
import { encodeConfiguration, encodeGraph, singleThreaded } from './graph-def.js';
import type { Operations } from './operations.js';
import { Recorder } from './recording.js';
import type { Part, Value } from './recording.js';

/**
 * {@link Engine.compile}: a computation is run once while its operations are recorded, as a graph of TensorFlow's, and
 * from then on that graph is run: one call instead of hundreds, planned as a whole. A callback divides it into two.
 */
export class Compiler implements Pick<Engine, 'compile' | 'callback'> {
  readonly #ops: Operations;
  readonly #backend: NativeBackend;
  #recorder: Recorder | undefined;
  /** How many functions it has defined, which have names of their own. */
  #functions = 0;

  constructor(ops: Operations, backend: NativeBackend) {
    this.#ops = ops;
    this.#backend = backend;
  }

  compile(state: readonly Variable[], compute: Computation): Computation {
    if (this.#ops.binding.prepareGraph === undefined) return compute;
    const byShapes = new Map<string, Computation>();
    return (inputs) => {
      const shapes = inputs.map(({ shape }) => shape.join()).join(';');
      const compiled = byShapes.get(shapes) ?? this.#compileFor(inputs, state, compute);
      byShapes.set(shapes, compiled);
      return compiled(inputs);
    };
  }

  callback(tensors: readonly Tensor[], compute: Callback): Tensor[] {
    return this.#recorder?.callback(tensors, compute) ?? answer(tensors, compute);
  }

  #compileFor(
    inputs: readonly Tensor[],
    state: readonly Variable[],
    compute: Computation,
  ): Computation {
    const { given, parts, results, assigned } = this.#record(inputs, state, compute);
    const runs = parts.map((part) => this.#define(part));
    return (now) =>
      tf.tidy(() => {
        const values = new Map<Value, Tensor>();
        const tensorOf = (value: Value) => values.get(value)!;
        const keep = (all: readonly Value[], tensors: readonly Tensor[]) => {
          for (const [index, value] of all.entries()) values.set(value, tensors[index]!);
        };
        keep(given, [...now, ...state]);
        for (const [index, { inputs: taken, outputs, callback }] of parts.entries()) {
          keep(outputs, runs[index]!(taken.map(tensorOf)));
          if (callback === undefined) continue;
          keep(callback.outputs, answer(callback.inputs.map(tensorOf), callback.compute));
        }
        const all = results.map(tensorOf);
        const own = all.length - assigned.length;
        for (const [index, variable] of assigned.entries()) variable.assign(all[own + index]!);
        return all.slice(0, own);
      });
  }

  /** Runs a computation and leaves the state as it was; the assigned state is the last of its results. */
  #record(inputs: readonly Tensor[], state: readonly Variable[], compute: Computation) {
    // Copied: some operations change their inputs.
    const kept = state.map((variable) =>
      tf.keep(tf.tensor(variable.dataSync().slice(), variable.shape, variable.dtype)),
    );
    const before = state.map(({ dataId }) => dataId);
    const recorder = new Recorder(this.#backend, [...inputs, ...state]);
    this.#recorder = recorder;
    this.#backend.binding = recorder.binding;
    try {
      const recorded = () => {
        const results = compute(inputs);
        const assigned = state.filter((variable, index) => variable.dataId !== before[index]);
        const { given } = recorder;
        return { given, assigned, ...recorder.parts([...results, ...assigned]) };
      };
      return withoutTensors(recorded);
    } finally {
      this.#backend.binding = this.#ops.binding;
      this.#recorder = undefined;
      for (const [index, variable] of state.entries()) {
        variable.assign(kept[index]!);
        kept[index]!.dispose();
      }
    }
  }

  /**
   * On the CPU a graph is a session of its own, which runs in this thread; on a GPU, whose memory sessions do not share,
   * it is a function, which another thread runs.
   */
  #define({ nodes, inputs, outputs }: Part): (tensors: readonly Tensor[]) => Tensor[] {
    const { binding } = this.#ops;
    const graph = encodeGraph(nodes, binding);
    if (binding.isUsingGpuDevice())
      return this.#defineFunction(graph, inputs.length, outputs.length);
    const backend = this.#backend;
    const prepared = binding.prepareGraph!(
      graph,
      encodeConfiguration(),
      inputs.length,
      outputs.length,
    );
    return (tensors) =>
      binding.runGraph!(prepared, backend.getInputTensorIds(tensors)).map((facts) =>
        backend.createOutputTensor(facts),
      );
  }

  #defineFunction(
    graph: Uint8Array,
    inputs: number,
    outputs: number,
  ): (tensors: readonly Tensor[]) => Tensor[] {
    const ops = this.#ops;
    const name = `lockstep_${(this.#functions += 1)}`;
    ops.binding.defineFunction!(name, graph, inputs, outputs);
    // Without a configuration TensorFlow's graph optimizer stays away.
    const attributes = [ops.text('executor_type', singleThreaded)];
    return (tensors) => ops.runMany(name, tensors, attributes, outputs);
  }
}

/** `tf.tidy` for what has no tensors, which it would look through. */
function withoutTensors<Result>(compute: () => Result): Result {
  let result: { readonly value: Result } | undefined;
  tf.tidy(() => {
    result = { value: compute() };
  });
  return result!.value;
}
