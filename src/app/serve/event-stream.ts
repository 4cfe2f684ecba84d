import type { ServerResponse } from 'node:http';

/** A client that does not read is let go when this much waits for it; it comes back and begins anew. */
const mostWaiting = 4 << 20;
/** Milliseconds between signs of life, which keep proxies from closing the connection. */
const heartbeat = 15_000;

/** Server-sent events to one client. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;

  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    });
    // Come back after a second where the server went away.
    response.write('retry: 1000\n\n');
    this.#timer = setInterval(() => {
      response.write(': alive\n\n');
    }, heartbeat);
    response.on('close', () => {
      clearInterval(this.#timer);
    });
  }

  /** @param data JSON: one line */
  send(event: string, data: string): void {
    if (this.#response.writableLength > mostWaiting) this.#response.destroy();
    else this.#response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  onClose(action: () => void): void {
    this.#response.on('close', action);
  }
}
