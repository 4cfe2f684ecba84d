/**
 * Trains a variant of a Lockstep comparison in Node.js, in one file without dependencies. docs/programs.md has
 * the protocol.
 *
 *     import { train } from './lockstep.mjs';
 *     await train({
 *       start: (hello) => ({ parameters: 10 }),
 *       step: ({ step, positions, learningRate }) => ({ loss, accuracy }),
 *       evaluate: ({ split, positions }) => ({ loss, accuracy }),
 *       save: (folder) => {},
 *     });
 */
import process from 'node:process';
import { createInterface } from 'node:readline';

const mask = 0xffffffffffffffffn;
const [p1, p2, p3, p4, p5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
];
const rotate = (value, bits) => ((value << bits) | (value >> (64n - bits))) & mask;
const round = (lane, word) => (rotate((lane + word * p2) & mask, 31n) * p1) & mask;

/** XXH64 of bytes with seed 0, as 16 hexadecimal digits. @param {Uint8Array} bytes */
export function xxh64(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let value = p5;
  if (bytes.length >= 32) {
    const lanes = [(p1 + p2) & mask, p2, 0n, -p1 & mask];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i], view.getBigUint64(at + 8 * i, true));
    }
    const [a, b, c, d] = lanes;
    value = (rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)) & mask;
    for (const lane of lanes) value = ((value ^ round(0n, lane)) * p1 + p4) & mask;
  }
  value = (value + BigInt(bytes.length)) & mask;
  for (; at + 8 <= bytes.length; at += 8) {
    value = (rotate(value ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4) & mask;
  }
  if (at + 4 <= bytes.length) {
    const word = (BigInt(view.getUint32(at, true)) * p1) & mask;
    value = (rotate(value ^ word, 23n) * p2 + p3) & mask;
    at += 4;
  }
  for (; at < bytes.length; at += 1) {
    value = (rotate(value ^ ((BigInt(bytes[at]) * p5) & mask), 11n) * p1) & mask;
  }
  value = ((value ^ (value >> 33n)) * p2) & mask;
  value = ((value ^ (value >> 29n)) * p3) & mask;
  return (value ^ (value >> 32n)).toString(16).padStart(16, '0');
}

/** The digest of positions as int32: that of the built-in variants. @param {readonly number[]} positions */
export function digestPositions(positions) {
  return xxh64(new Uint8Array(Int32Array.from(positions).buffer));
}

/** Answers Lockstep until the trial ends. Print with `console.error`: standard output is for answers. */
export async function train({ start = () => ({}), step, evaluate, save }) {
  // Engines such as Slurm send it to all processes of a job; Lockstep saves first, and ends this one itself.
  process.on('SIGTERM', () => undefined);
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const message = JSON.parse(line);
    if (message.type === 'stop') break;
    answer(await answerTo(message, { start, step, evaluate, save }));
  }
}

async function answerTo(message, { start, step, evaluate, save }) {
  switch (message.type) {
    case 'hello':
      return { event: 'ready', protocol: 1, saves: save !== undefined, ...(await start(message)) };
    case 'step': {
      const { step: number, positions } = message;
      const proof = positions && { positionsDigest: digestPositions(positions) };
      return { event: 'step', step: number, metrics: spelled(await step(message)), ...proof };
    }
    case 'evaluate':
      return { event: 'evaluate', metrics: spelled(await evaluate(message)) };
    case 'save':
      await save?.(message.folder);
      return { event: 'save', step: message.step };
    default:
      throw new Error(`expected a message of protocol 1, got ${message.type}`);
  }
}

function answer(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

/** JSON has no NaN and no infinities. */
function spelled(metrics) {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [
      name,
      Number.isFinite(value) ? value : String(value),
    ]),
  );
}
