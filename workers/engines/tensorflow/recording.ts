import type { Tensor } from '@tensorflow/tfjs-core';
import type { Callback } from '../engine.js';
import { answer } from '../callback.js';
import type { Attribute, Binding, NativeBackend } from './binding.js';
import type { Constant, GraphNode } from './graph-def.js';

/** A value of a computation: a result of a node, or of nothing that the graph has. */
export interface Value {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly node?: Node;
  /** Which of the node's results it is. */
  readonly index: number;
}

interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: GraphNode['attributes'];
  /** How many callbacks came before it; constants belong to all parts. */
  readonly part: number;
}

/** A node without results, which changes the values of its inputs. */
interface Effect {
  readonly node: Node;
  /** The nodes before it that read these values. */
  readonly readers: readonly Node[];
  /** Whether a value is one of them or in the memory of one. */
  readonly changes: (value: Value) => boolean;
}

/** Operations whose results may share the memory of their inputs. */
const sharing = new Set([
  ...['Identity', 'Reshape', 'Transpose', 'Cast', 'ExpandDims', 'Squeeze'],
  ...['Slice', 'StridedSlice', 'Split', 'SplitV'],
]);

/** A part of a computation that TensorFlow can run by itself, up to a callback or the end. */
export interface Part {
  /** Given, or from earlier parts and callbacks. */
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  /** What comes after it. */
  readonly callback?: RecordedCallback;
}

export interface RecordedCallback {
  readonly inputs: readonly Value[];
  readonly compute: Callback;
  readonly outputs: readonly Value[];
}

/** Notes the operations that are run by way of its `binding`. */
export class Recorder {
  readonly binding: Binding;
  /** The values that the computation is given. */
  readonly given: readonly Value[];
  readonly #real: Binding;
  readonly #backend: NativeBackend;
  readonly #values = new Map<number, Value>();
  readonly #callbacks: RecordedCallback[] = [];
  readonly #nodes: Node[] = [];
  readonly #effects: Effect[] = [];

  constructor(backend: NativeBackend, given: readonly Tensor[]) {
    const real = backend.binding;
    this.#real = real;
    this.#backend = backend;
    this.given = this.#knowAll(given);
    const readingIsRefused = () => {
      throw new Error('Expected a computation that reads values in callbacks alone.');
    };
    // The binding's own properties can be neither changed nor listed.
    this.binding = Object.create(real, {
      executeOp: { value: this.#execute.bind(this) },
      createTensor: { value: this.#create.bind(this) },
      tensorDataSync: { value: readingIsRefused },
    }) as Binding;
  }

  /** Runs a callback, which ends a part. */
  callback(tensors: readonly Tensor[], compute: Callback): Tensor[] {
    const inputs = this.#handOver(tensors);
    this.#backend.binding = this.#real;
    try {
      const results = answer(tensors, compute);
      this.#callbacks.push({ inputs, compute, outputs: this.#knowAll(results) });
      return results;
    } finally {
      this.#backend.binding = this.binding;
    }
  }

  /**
   * All parts, in their order.
   * @param results of the computation
   */
  parts(results: readonly Tensor[]): {
    readonly parts: Part[];
    readonly results: readonly Value[];
  } {
    const last = this.#callbacks.length;
    const handed = this.#handOver(results);
    const wanted: Set<Value>[] = Array.from({ length: last + 1 }, () => new Set());
    for (const value of handed) wanted[last]!.add(value);
    const parts: Part[] = [];
    for (let part = last; part >= 0; part -= 1) {
      const callback = this.#callbacks[part];
      for (const value of callback?.inputs ?? []) wanted[part]!.add(value);
      const effects = this.#effects.filter(({ node }) => node.part === part);
      const built = new PartBuilder(part, [...wanted[part]!], effects, this.#real).build();
      for (const value of built.inputs) if (value.node) wanted[value.node.part]!.add(value);
      parts.unshift({ ...built, ...(callback && { callback }) });
    }
    return { parts, results: handed };
  }

  /** Their values as results of nodes of this part, whatever they are. */
  #handOver(tensors: readonly Tensor[]): Value[] {
    return this.#backend.getInputTensorIds(tensors).map((id) => {
      const value = this.#valueOf(id);
      const attributes = [typeAttribute(this.#real, 'T', value.dtype)];
      return this.#result(this.#node('Identity', [value], attributes), 0, value);
    });
  }

  #knowAll(tensors: readonly Tensor[]): Value[] {
    return this.#backend.getInputTensorIds(tensors).map((id, index) => {
      const { dtype, shape } = tensors[index]!;
      return this.#know(id, { dtype: this.#backend.getDTypeInteger(dtype), shape, index: 0 });
    });
  }

  #know(id: number, value: Value): Value {
    this.#values.set(id, value);
    return value;
  }

  #execute(...[op, attributes, ids, outputs]: Parameters<Binding['executeOp']>) {
    const results = this.#real.executeOp(op, attributes, ids, outputs);
    const inputs = ids.map((id) => this.#valueOf(id));
    const node = this.#node(op, inputs, attributes);
    for (const [index, result] of results.entries()) {
      this.#know(result.id, this.#result(node, index, result));
    }
    if (outputs === 0) this.#effects.push(this.#effect(node));
    return results;
  }

  #effect(node: Node): Effect {
    const own = new Set(node.inputs);
    const views = new Set<Node>();
    const changes = (value: Value) =>
      own.has(value) || (value.node !== undefined && views.has(value.node));
    const readers = this.#nodes.filter((reader) => {
      if (reader === node || !reader.inputs.some(changes)) return false;
      if (sharing.has(reader.op)) views.add(reader);
      return true;
    });
    return { node, readers, changes };
  }

  #create(...[shape, dtype, values]: Parameters<Binding['createTensor']>): number {
    const id = this.#real.createTensor(shape, dtype, values);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const value: Constant = { dtype, shape, bytes };
    const attributes = [typeAttribute(this.#real, 'dtype', dtype), { name: 'value', value }];
    this.#know(id, this.#result(this.#node('Const', [], attributes), 0, { dtype, shape }));
    return id;
  }

  #node(op: string, inputs: readonly Value[], attributes: GraphNode['attributes']): Node {
    if (this.#effects.some(({ changes }) => inputs.some(changes))) {
      throw new Error('Expected a computation that changes its state last, and at once.');
    }
    const node = { op, inputs, attributes, part: this.#callbacks.length };
    this.#nodes.push(node);
    return node;
  }

  #result(node: Node, index: number, { dtype, shape }: Pick<Value, 'dtype' | 'shape'>): Value {
    return { dtype, shape, node, index };
  }

  #valueOf(id: number): Value {
    const value = this.#values.get(id);
    if (value === undefined) {
      throw new Error('Expected a computation of its inputs, its state and constants alone.');
    }
    return value;
  }
}

/** The nodes that the outputs of a part come from, and its effects with theirs. */
class PartBuilder {
  readonly #part: number;
  readonly #outputs: readonly Value[];
  readonly #effects: readonly Effect[];
  readonly #binding: Binding;
  readonly #inputs = new Map<Value, string>();
  readonly #names = new Map<Node, string>();
  readonly #nodes: (GraphNode & { inputs: string[] })[] = [];

  constructor(
    part: number,
    outputs: readonly Value[],
    effects: readonly Effect[],
    binding: Binding,
  ) {
    this.#part = part;
    this.#outputs = outputs;
    this.#effects = effects;
    this.#binding = binding;
  }

  build(): Omit<Part, 'callback'> {
    const names = this.#outputs.map((value) => this.#nameOf(value));
    const done = this.#effects.map((effect) => `^${this.#addEffect(effect)}`);
    for (const [index, { dtype }] of this.#outputs.entries()) {
      const attributes = [typeAttribute(this.#binding, 'T', dtype)];
      const inputs = [names[index]!, ...done];
      this.#nodes.push({ name: `output_${index}`, op: 'Identity', inputs, attributes });
    }
    return { inputs: [...this.#inputs.keys()], outputs: this.#outputs, nodes: this.#nodes };
  }

  /** It waits for its readers; most of them it follows from anyway. */
  #addEffect({ node, readers }: Effect): string {
    const name = this.#addNode(node);
    const before = new Set<Node>();
    const follow = ({ inputs }: Node) => {
      for (const { node: origin } of inputs) {
        if (origin === undefined || before.has(origin)) continue;
        before.add(origin);
        follow(origin);
      }
    };
    follow(node);
    const awaited = readers.filter((reader) => !before.has(reader));
    const names = awaited.flatMap((reader) => this.#names.get(reader) ?? []);
    this.#nodes.at(-1)!.inputs.push(...names.map((one) => `^${one}`));
    return name;
  }

  /** The name of a value here; adds what it comes from. */
  #nameOf(value: Value): string {
    const { node, index } = value;
    if (node === undefined || (node.part !== this.#part && node.op !== 'Const')) {
      return this.#inputs.get(value) ?? this.#addInput(value);
    }
    return `${this.#names.get(node) ?? this.#addNode(node)}:${index}`;
  }

  #addInput(value: Value): string {
    const name = `input_${this.#inputs.size}`;
    this.#inputs.set(value, `${name}:0`);
    const attributes = [
      typeAttribute(this.#binding, 'dtype', value.dtype),
      { name: 'shape', type: this.#binding.TF_ATTR_SHAPE, value: value.shape },
    ];
    this.#nodes.push({ name, op: 'Placeholder', inputs: [], attributes });
    return `${name}:0`;
  }

  #addNode(node: Node): string {
    const inputs = node.inputs.map((input) => this.#nameOf(input));
    const name = `node_${this.#names.size}`;
    this.#names.set(node, name);
    this.#nodes.push({ name, op: node.op, inputs, attributes: node.attributes });
    return name;
  }
}

function typeAttribute(binding: Binding, name: string, value: number): Attribute {
  return { name, type: binding.TF_ATTR_TYPE, value };
}
