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
      const built = new PartBuilder(part, [...wanted[part]!], this.#real).build();
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
    return results;
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
    return { op, inputs, attributes, part: this.#callbacks.length };
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

/** The nodes that the outputs of a part come from. */
class PartBuilder {
  readonly #part: number;
  readonly #outputs: readonly Value[];
  readonly #binding: Binding;
  readonly #inputs = new Map<Value, string>();
  readonly #names = new Map<Node, string>();
  readonly #nodes: GraphNode[] = [];

  constructor(part: number, outputs: readonly Value[], binding: Binding) {
    this.#part = part;
    this.#outputs = outputs;
    this.#binding = binding;
  }

  build(): Omit<Part, 'callback'> {
    for (const [index, value] of this.#outputs.entries()) {
      const attributes = [typeAttribute(this.#binding, 'T', value.dtype)];
      const inputs = [this.#nameOf(value)];
      this.#nodes.push({ name: `output_${index}`, op: 'Identity', inputs, attributes });
    }
    return { inputs: [...this.#inputs.keys()], outputs: this.#outputs, nodes: this.#nodes };
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
