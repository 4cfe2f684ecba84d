import { mkdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectNative, nativePackageRoot } from '../../../src/engines/native.js';
import { attributeNames } from './attribute-names.js';
import type { Operations } from './operations.js';

/** How long one thread waits for another, in milliseconds; a warm-up takes one. */
const patience = 10_000;

/**
 * Makes an unpatched prebuilt binding safe to use in several threads: it keeps every attribute name
 * in one set of the process, without a lock. Each thread in turn names them all before its first
 * operation, so that afterwards the set is only read.
 */
export function warmUpUnpatched(ops: Operations): void {
  const found = inspectNative(nativePackageRoot());
  if (found.installed && found.stamp?.patched === true) return;
  inTurn(() => {
    ops.keepNames(attributeNames);
  });
}

/** Runs an action in one thread of this process at a time; threads share no memory yet. */
function inTurn(action: () => void): void {
  const turn = join(tmpdir(), `lockstep-warm-up-${process.pid}`);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + patience;
  while (!take(turn)) {
    // Left behind by a process that had this number before and was killed.
    if (performance.now() > deadline) break;
    Atomics.wait(pause, 0, 0, 1);
  }
  try {
    action();
  } finally {
    leave(turn);
  }
}

function take(turn: string): boolean {
  try {
    mkdirSync(turn);
    return true;
  } catch {
    return false;
  }
}

function leave(turn: string): void {
  try {
    rmdirSync(turn);
  } catch {
    // Another thread lost patience and left for us.
  }
}
