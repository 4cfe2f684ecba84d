/**
 * Trains a step of two sessions in threads of this process and prints how many of its threads leave
 * SIGTERM to others, before and after, and whether the main thread does. Linux only.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { threadBackend } from '../../../src/variants/thread-backend.js';
import { openTask, rawData, smallVariant, stepTask } from '../variants.js';

const ignore = (): void => undefined;
const sigterm = 1n << 14n;

function blocks(thread: string): boolean {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  const mask = /^SigBlk:\s*(\w+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & sigterm) !== 0n;
}

function count(): number {
  return readdirSync('/proc/self/task').filter(blocks).length;
}

const before = count();
const sessions = await Promise.all(
  ['a', 'b'].map((name) => {
    const plan = { ...openTask(), variant: smallVariant({ name }) };
    return threadBackend().open(plan, Promise.resolve(rawData()));
  }),
);
for (const session of sessions) await session.step(stepTask(1)).forEach(ignore);
const main = blocks(String(process.pid));
console.log(JSON.stringify({ before, after: count(), main }));
await Promise.all(sessions.map((session) => session.destroy()));
