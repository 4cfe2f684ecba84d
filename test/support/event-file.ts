/** One decoded event of an event file; an independent reading of TensorBoard's format. */
export interface DecodedEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion: string | undefined;
  readonly scalars: Readonly<Record<string, number>>;
}

/** Decodes an event file and checks both CRCs of every record. */
export function decodeEventFile(bytes: Buffer): DecodedEvent[] {
  const events: DecodedEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expectCrc(bytes.subarray(at, at + 8), bytes.readUInt32LE(at + 8));
    expectCrc(data, bytes.readUInt32LE(at + 12 + length));
    events.push(decodeEvent(data));
    at += 16 + length;
  }
  return events;
}

/** CRC-32C bit by bit: the reflected Castagnoli polynomial of RFC 3720, B.4. */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function expectCrc(data: Uint8Array, masked: number): void {
  const rotated = (masked - 0xa282ead8) >>> 0;
  const crc = ((rotated << 15) | (rotated >>> 17)) >>> 0;
  if (crc !== crc32c(data)) throw new Error(`expected CRC ${crc32c(data)}, got ${crc}`);
}

function decodeEvent(data: Buffer): DecodedEvent {
  const fields = new Map(fieldsOf(data));
  const step = fields.get(2) ?? 0;
  const summary = fields.get(5);
  const values = summary === undefined ? [] : fieldsOf(summary as Buffer);
  return {
    wallTime: (fields.get(1) as Buffer).readDoubleLE(0),
    step: step as number,
    fileVersion: (fields.get(3) as Buffer | undefined)?.toString('utf8'),
    scalars: Object.fromEntries(
      values.map(([, value]) => {
        const scalar = new Map(fieldsOf(value as Buffer));
        return [
          (scalar.get(1) as Buffer).toString('utf8'),
          (scalar.get(2) as Buffer).readFloatLE(0),
        ];
      }),
    ),
  };
}

/** Protobuf's fields by number: varints as numbers, all others as their bytes. */
function fieldsOf(message: Buffer): [number, number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) {
      fields.push([key >>> 3, varint()]);
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
    fields.push([key >>> 3, message.subarray(at, at + length)]);
    at += length;
  }
  return fields;
}
