import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startLockstep } from '../tail/lockstep.js';
import type { Ended } from '../tail/lockstep.js';

export interface Served {
  readonly address: string;
  /** Milliseconds from its start until it answered. */
  readonly startMs: number;
  /** Ends it, and says what it used. */
  readonly end: () => Promise<Ended>;
}

/** Starts `lockstep serve` as a process of its own. */
export async function serve(folder: string): Promise<Served> {
  const start = performance.now();
  const { child, ended } = startLockstep('serve', folder);
  const lines = createInterface({ input: child.stdout });
  const [address] = (await Promise.race([
    once(lines, 'line'),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])) as [string];
  return {
    ...{ address, startMs: performance.now() - start },
    end() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** A body, and milliseconds until it was there. */
export async function timed(
  address: string,
): Promise<{ readonly ms: number; readonly bytes: number }> {
  const start = performance.now();
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(`${address}: ${response.status} ${text}`);
  return { ms: performance.now() - start, bytes: text.length };
}

/** Processor time that the server has used, ms. */
export async function cpuMsOf(address: string): Promise<number> {
  const text = await (await fetch(`${address}metrics`)).text();
  return 1000 * Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}

/**
 * Listens to events, each on a connection of its own, as pages do.
 * @returns stops
 */
export async function listen(
  address: string,
  onEvent: (event: string, data: string) => void,
): Promise<() => void> {
  const request = get(address, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined) onEvent(event, data!);
    }
  });
  response.on('error', () => undefined);
  return () => request.destroy();
}
