import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Attribute, Binding } from './binding.js';

/** A value that a graph holds. */
export interface Constant {
  /** Of TensorFlow's data types. */
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** An operation of a graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Results of other nodes: `<name>:<number of the result>`; last, `^<name>` of nodes that come before it. */
  readonly inputs: readonly string[];
  readonly attributes: readonly (Attribute | { readonly name: string; readonly value: Constant })[];
}

/** Of the graphs that TensorFlow 2 writes: an older one would have old meanings of some operations. */
const producer = 1882;

/**
 * A graph as TensorFlow reads it. Fields by number: GraphDef {1: node, 4: versions}, NodeDef {1: name, 2: op,
 * 3: input, 5: attr}, VersionDef {1: producer}. Source: tensorflow/core/framework/graph.proto and node_def.proto.
 */
export function encodeGraph(nodes: readonly GraphNode[], binding: Binding): Uint8Array {
  const graph = new BinaryWriter();
  for (const node of nodes) {
    graph.tag(1, WireType.LengthDelimited).fork();
    text(graph, 1, node.name);
    text(graph, 2, node.op);
    for (const input of node.inputs) text(graph, 3, input);
    for (const attribute of node.attributes) {
      graph.tag(5, WireType.LengthDelimited).fork();
      text(graph, 1, attribute.name);
      graph.tag(2, WireType.LengthDelimited).fork();
      if ('type' in attribute) writeAttribute(graph, attribute, binding);
      else writeConstant(graph, attribute.value);
      graph.join().join();
    }
    graph.join();
  }
  graph.tag(4, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int32(producer).join();
  return graph.finish();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

/**
 * AttrValue {1: list, 2: s, 3: i, 4: f, 5: b, 6: type, 7: shape, 8: tensor}, its ListValue {3: i, 4: f}.
 * Source: tensorflow/core/framework/attr_value.proto.
 */
function writeAttribute(
  writer: BinaryWriter,
  { name, type, value }: Attribute,
  binding: Binding,
): void {
  const write = {
    [binding.TF_ATTR_STRING]: (one: Value) =>
      writer.tag(2, WireType.LengthDelimited).string(one as string),
    [binding.TF_ATTR_INT]: (one: Value) => writer.tag(3, WireType.Varint).int64(one as number),
    [binding.TF_ATTR_FLOAT]: (one: Value) => writer.tag(4, WireType.Bit32).float(one as number),
    [binding.TF_ATTR_BOOL]: (one: Value) => writer.tag(5, WireType.Varint).bool(one as boolean),
    [binding.TF_ATTR_TYPE]: (one: Value) => writer.tag(6, WireType.Varint).int32(one as number),
  }[type];
  if (type === binding.TF_ATTR_SHAPE) {
    writeShape(writer, 7, value as readonly number[]);
    return;
  }
  if (write === undefined)
    throw new Error(`Expected a known type of the attribute ${name}, got ${type}.`);
  if (!Array.isArray(value)) {
    write(value as Value);
    return;
  }
  writer.tag(1, WireType.LengthDelimited).fork();
  for (const one of value as readonly Value[]) write(one);
  writer.join();
}

type Value = number | boolean | string;

/** TensorProto {1: dtype, 2: tensor_shape, 4: tensor_content}. Source: tensorflow/core/framework/tensor.proto. */
function writeConstant(writer: BinaryWriter, { dtype, shape, bytes }: Constant): void {
  writer.tag(8, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int32(dtype);
  writeShape(writer, 2, shape);
  writer.tag(4, WireType.LengthDelimited).bytes(bytes);
  writer.join();
}

/** TensorShapeProto {2: dim}, its Dim {1: size}. Source: tensorflow/core/framework/tensor_shape.proto. */
function writeShape(writer: BinaryWriter, field: number, shape: readonly number[]): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  for (const size of shape) {
    writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(size).join();
  }
  writer.join();
}

/**
 * How the sessions of graphs are configured: operations run one after the other in the calling thread, and TensorFlow's
 * graph optimizers stay away, which gain nothing here and change last digits. ConfigProto {10: graph_options, 16:
 * experimental}, GraphOptions {3: optimizer_options, 10: rewrite_options}, OptimizerOptions {3: opt_level, -1 is none},
 * RewriterConfig {19: disable_meta_optimizer}, Experimental {3: executor_type}. Source: tensorflow/core/protobuf/
 * config.proto and rewriter_config.proto.
 */
export function encodeConfiguration(): Uint8Array {
  const config = new BinaryWriter();
  config.tag(10, WireType.LengthDelimited).fork();
  config.tag(3, WireType.LengthDelimited).fork().tag(3, WireType.Varint).int32(-1).join();
  config.tag(10, WireType.LengthDelimited).fork().tag(19, WireType.Varint).bool(true).join();
  config.join();
  config.tag(16, WireType.LengthDelimited).fork();
  text(config, 3, singleThreaded);
  config.join();
  return config.finish();
}

/** The executor that runs the operations of a graph one after the other. */
export const singleThreaded = 'SINGLE_THREADED_EXECUTOR';
