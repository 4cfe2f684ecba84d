import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { maskedCrc } from '../files/masked-crc.js';

/** One event of TensorBoard: scalars of one step, by tag. */
export interface ScalarEvent {
  /** Seconds since the Unix epoch. */
  readonly wallTime: number;
  readonly step: number;
  /** Stored as float32. */
  readonly scalars: Readonly<Record<string, number>>;
}

/**
 * The first record of an event file, which tells readers the format.
 * @param wallTime seconds since the Unix epoch
 */
export function encodeFileVersion(wallTime: number): Uint8Array {
  return frame(event(wallTime).tag(3, WireType.LengthDelimited).string('brain.Event:2').finish());
}

/**
 * An event as one framed record. Fields by number: Event {1: wall_time double, 2: step int64,
 * 3: file_version string, 5: summary}, Summary {1: repeated value}, Summary.Value {1: tag string,
 * 2: simple_value float}. Source: tensorflow/core/util/event.proto, framework/summary.proto.
 */
export function encodeScalars({ wallTime, step, scalars }: ScalarEvent): Uint8Array {
  const message = event(wallTime).tag(2, WireType.Varint).int64(step);
  message.tag(5, WireType.LengthDelimited).fork();
  for (const [tag, value] of Object.entries(scalars)) {
    message.tag(1, WireType.LengthDelimited).fork();
    message.tag(1, WireType.LengthDelimited).string(tag);
    message.tag(2, WireType.Bit32).float(value);
    message.join();
  }
  return frame(message.join().finish());
}

function event(wallTime: number): BinaryWriter {
  return new BinaryWriter().tag(1, WireType.Bit64).double(wallTime);
}

/**
 * A TFRecord: uint64 length, its masked CRC-32C, the data, its masked CRC-32C; all little-endian.
 * Source: tensorflow/core/lib/io/record_writer.h.
 */
function frame(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return record;
}
