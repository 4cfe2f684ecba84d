import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { maskedCrc } from '../files/masked-crc.js';
import { LockstepError } from '../protocol/index.js';

/** A scalar in an event file of TensorBoard. */
export interface ScalarRecord {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
  /** Of its record, in bytes from the file's start. */
  readonly offset: number;
}

/** Bytes around the data of a TFRecord: its length and that one's checksum, and the data's checksum. */
const [headerBytes, footerBytes] = [12, 4];

/**
 * The scalars of an event file, in its order. Other summaries are passed over, and so is a torn last record, which a
 * writer that was killed leaves.
 * @throws LockstepError `data` naming the byte at which a record is damaged
 */
export function* readScalars(content: Buffer, path: string): Generator<ScalarRecord> {
  for (let offset = 0; content.length - offset >= headerBytes + footerBytes;) {
    const header = content.subarray(offset, offset + 8);
    check(header, content.readUInt32LE(offset + 8), offset, path);
    const length = Number(content.readBigUInt64LE(offset));
    const end = offset + headerBytes + length;
    if (end + footerBytes > content.length) return;
    const data = content.subarray(offset + headerBytes, end);
    check(data, content.readUInt32LE(end), offset, path);
    yield* scalarsOf(data, offset, path);
    offset = end + footerBytes;
  }
}

function check(data: Uint8Array, recorded: number, offset: number, path: string): void {
  if (maskedCrc(data) === recorded) return;
  throw damaged(path, offset, 'a record with its checksum, got another checksum');
}

function damaged(path: string, offset: number, expected: string, cause?: unknown): LockstepError {
  return new LockstepError('data', `${path}, byte ${offset}: expected ${expected}`, {
    hint: 'Copy the event file again; it is no event file of TensorBoard, or damaged.',
    cause,
  });
}

/**
 * Fields by number: Event {2: step int64, 5: summary}, Summary {1: repeated value}, Summary.Value {1: tag string,
 * 2: simple_value float, 8: tensor}. Source: tensorflow/core/util/event.proto, framework/summary.proto.
 */
function* scalarsOf(data: Uint8Array, offset: number, path: string): Generator<ScalarRecord> {
  try {
    let step = 0;
    const summaries: Uint8Array[] = [];
    for (const { field, reader, wire } of fieldsOf(data)) {
      if (field === 2 && wire === WireType.Varint) step = Number(reader.int64());
      else if (field === 5 && wire === WireType.LengthDelimited) summaries.push(reader.bytes());
      else reader.skip(wire);
    }
    for (const summary of summaries) {
      for (const { field, reader, wire } of fieldsOf(summary)) {
        if (field !== 1 || wire !== WireType.LengthDelimited) reader.skip(wire);
        else {
          const scalar = scalarOf(reader.bytes());
          if (scalar !== undefined) yield { ...scalar, step, offset };
        }
      }
    }
  } catch (cause) {
    throw cause instanceof LockstepError ? cause : damaged(path, offset, 'an event', cause);
  }
}

function scalarOf(message: Uint8Array): { tag: string; value: number } | undefined {
  let tag = '';
  let value: number | undefined;
  for (const { field, reader, wire } of fieldsOf(message)) {
    if (field === 1 && wire === WireType.LengthDelimited) tag = reader.string();
    else if (field === 2 && wire === WireType.Bit32) value = reader.float();
    else if (field === 8 && wire === WireType.LengthDelimited) value = tensorScalar(reader.bytes());
    else reader.skip(wire);
  }
  return value === undefined ? undefined : { tag, value };
}

/** `DT_FLOAT` and `DT_DOUBLE` of tensorflow/core/framework/types.proto. */
const [float, double] = [1, 2];

/**
 * The number of a TensorProto without dimensions, as `tf.summary.scalar` writes it; undefined for any other. Fields:
 * {1: dtype, 2: shape {2: repeated dim}, 4: tensor_content, 5: float_val, 6: double_val}. Source:
 * tensorflow/core/framework/tensor.proto.
 */
function tensorScalar(message: Uint8Array): number | undefined {
  let type = 0;
  let isScalar = true;
  let content: Uint8Array | undefined;
  let value: number | undefined;
  for (const { field, reader, wire } of fieldsOf(message)) {
    if (field === 1 && wire === WireType.Varint) type = reader.int32();
    else if (field === 2 && wire === WireType.LengthDelimited) {
      for (const dimension of fieldsOf(reader.bytes())) {
        isScalar &&= dimension.field !== 2;
        dimension.reader.skip(dimension.wire);
      }
    } else if (field === 4 && wire === WireType.LengthDelimited) content = reader.bytes();
    else if (field === 5) value = numberOf(reader, wire, float);
    else if (field === 6) value = numberOf(reader, wire, double);
    else reader.skip(wire);
  }
  if (!isScalar || (type !== float && type !== double)) return undefined;
  return value ?? (content && numberIn(content, type));
}

/** A number alone, or in a packed list of one. */
function numberOf(reader: BinaryReader, wire: WireType, type: number): number | undefined {
  if (wire === WireType.LengthDelimited) return numberIn(reader.bytes(), type);
  return type === float ? reader.float() : reader.double();
}

function numberIn(bytes: Uint8Array, type: number): number | undefined {
  if (bytes.length !== (type === float ? 4 : 8)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return type === float ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

/** The fields of a message; whoever takes one reads or skips it before the next. */
function* fieldsOf(
  message: Uint8Array,
): Generator<{ readonly field: number; readonly wire: WireType; readonly reader: BinaryReader }> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    yield { field, wire, reader };
  }
}
