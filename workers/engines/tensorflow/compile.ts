import { tf } from '../../tf.js';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Computation, Engine } from '../engine.js';
import type { Attribute, Binding, NativeBackend } from './binding.js';
import { encodeGraph } from './graph-def.js';
import type { GraphNode } from './graph-def.js';
import type { Operations } from './operations.js';

/**
 * {@link Engine.compile}: a computation is run once while its operations are recorded, as a function of
 * TensorFlow's, and from then on that function is run: one call instead of hundreds, planned as a whole.
 */
export function chooseCompile(ops: Operations, backend: NativeBackend): Engine['compile'] {
  if (ops.binding.defineFunction === undefined) return (_state, compute) => compute;
  return (state, compute) => {
    const byShapes = new Map<string, Computation>();
    return (inputs) => {
      const shapes = inputs.map(({ shape }) => shape.join()).join(';');
      let compiled = byShapes.get(shapes);
      if (compiled === undefined) {
        compiled = compileFor(inputs, { ops, backend, state, compute }) ?? compute;
        byShapes.set(shapes, compiled);
      }
      return compiled(inputs);
    };
  };
}

interface Task {
  readonly ops: Operations;
  readonly backend: NativeBackend;
  readonly state: readonly Variable[];
  readonly compute: Computation;
}

/** @returns the computation for inputs of these shapes; undefined if it reads values */
function compileFor(inputs: readonly Tensor[], task: Task): Computation | undefined {
  const { ops, state } = task;
  const recorded = record(inputs, task);
  if (recorded === undefined) return undefined;
  const { assigned, results } = recorded;
  const name = `lockstep_${(functions += 1)}`;
  ops.binding.defineFunction!(
    name,
    encodeGraph(recorded.nodes, ops.binding),
    inputs.length + state.length,
    results + assigned.length,
  );
  // In this thread, in the order of the graph. Without a configuration TensorFlow's graph optimizer stays away: it
  // gains nothing here, and changes last digits.
  const attributes = [ops.text('executor_type', 'SINGLE_THREADED_EXECUTOR')];
  return (given) => {
    const all = ops.runMany(name, [...given, ...state], attributes, results + assigned.length);
    for (const [index, variable] of assigned.entries()) {
      const value = all[results + index]!;
      variable.assign(value);
      value.dispose();
    }
    return all.slice(0, results);
  };
}

/** How many functions this thread has defined, which have names of their own. */
let functions = 0;

interface Recorded {
  readonly nodes: readonly GraphNode[];
  /** The state that the computation assigns, whose values are the last results. */
  readonly assigned: readonly Variable[];
  /** How many results the computation itself has. */
  readonly results: number;
}

/** Runs a computation and leaves the state as it was. */
function record(
  inputs: readonly Tensor[],
  { ops, backend, state, compute }: Task,
): Recorded | undefined {
  const kept = state.map((variable) => tf.keep(tf.clone(variable)));
  const recorder = new Recorder(ops.binding, [...inputs, ...state], backend);
  try {
    backend.binding = recorder.binding;
    let recorded: Recorded | undefined;
    tf.tidy(() => {
      const results = compute(inputs);
      const assigned = state.filter((variable, index) => variable.dataId !== kept[index]!.dataId);
      const nodes = recorder.graph([...results, ...assigned]);
      recorded = { nodes, assigned, results: results.length };
    });
    return recorded;
  } catch (error) {
    if (error instanceof ReadError) return undefined;
    throw error;
  } finally {
    backend.binding = ops.binding;
    for (const [index, variable] of state.entries()) {
      variable.assign(kept[index]!);
      kept[index]!.dispose();
    }
  }
}

/** A computation asked for the values of a tensor, which a function of TensorFlow's cannot give it midway. */
class ReadError extends Error {}

/** Notes the operations that are run by way of its `binding`. */
class Recorder {
  readonly binding: Binding;
  readonly #real: Binding;
  readonly #backend: NativeBackend;
  readonly #nodes = new Map<string, GraphNode>();
  /** What made each tensor, by the tensor's number, and its data type. */
  readonly #sources = new Map<number, { readonly from: string; readonly dtype: number }>();

  constructor(real: Binding, inputs: readonly Tensor[], backend: NativeBackend) {
    this.#real = real;
    this.#backend = backend;
    for (const [index, id] of backend.getInputTensorIds(inputs).entries()) {
      const { dtype, shape } = inputs[index]!;
      const name = this.#add(
        `input_${index}`,
        'Placeholder',
        [],
        [
          this.#type('dtype', backend.getDTypeInteger(dtype)),
          { name: 'shape', type: real.TF_ATTR_SHAPE, value: shape },
        ],
      );
      this.#sources.set(id, { from: `${name}:0`, dtype: backend.getDTypeInteger(dtype) });
    }
    const reading = () => {
      throw new ReadError();
    };
    // Its own properties can be neither changed nor listed.
    this.binding = Object.create(real, {
      executeOp: { value: this.#execute.bind(this) },
      createTensor: { value: this.#create.bind(this) },
      tensorDataSync: { value: reading },
    }) as Binding;
  }

  /** The nodes that these tensors come from, and one more for each of them, `output_<index>`. */
  graph(outputs: readonly Tensor[]): GraphNode[] {
    const needed = new Set<GraphNode>();
    for (const [index, id] of this.#backend.getInputTensorIds(outputs).entries()) {
      const { from, dtype } = this.#sourceOf(id);
      this.#visit(
        this.#add(`output_${index}`, 'Identity', [from], [this.#type('T', dtype)]),
        needed,
      );
    }
    return [...this.#nodes.values()].filter(
      (node) => needed.has(node) || node.op === 'Placeholder',
    );
  }

  #visit(name: string, needed: Set<GraphNode>): void {
    const node = this.#nodes.get(name)!;
    if (needed.has(node)) return;
    needed.add(node);
    for (const input of node.inputs) this.#visit(input.slice(0, input.indexOf(':')), needed);
  }

  #execute(...[op, attributes, ids, outputs]: Parameters<Binding['executeOp']>) {
    const results = this.#real.executeOp(op, attributes, ids, outputs);
    const inputs = ids.map((id) => this.#sourceOf(id).from);
    const name = this.#add(`node_${this.#nodes.size}`, op, inputs, attributes);
    for (const [index, { id, dtype }] of results.entries()) {
      this.#sources.set(id, { from: `${name}:${index}`, dtype });
    }
    return results;
  }

  #create(...[shape, dtype, values]: Parameters<Binding['createTensor']>): number {
    const id = this.#real.createTensor(shape, dtype, values);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const name = this.#add(
      `node_${this.#nodes.size}`,
      'Const',
      [],
      [this.#type('dtype', dtype), { name: 'value', value: { dtype, shape, bytes } }],
    );
    this.#sources.set(id, { from: `${name}:0`, dtype });
    return id;
  }

  #sourceOf(id: number): { readonly from: string; readonly dtype: number } {
    const source = this.#sources.get(id);
    if (source === undefined) {
      throw new Error('Expected a computation of its inputs, its state and constants alone.');
    }
    return source;
  }

  #add(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: GraphNode['attributes'],
  ): string {
    this.#nodes.set(name, { name, op, inputs, attributes });
    return name;
  }

  #type(name: string, value: number): Attribute {
    return { name, type: this.#real.TF_ATTR_TYPE, value };
  }
}
