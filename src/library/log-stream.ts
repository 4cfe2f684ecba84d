import { Observable } from 'rxjs';
import type { LogRecord } from '../log/records.js';

/**
 * The records of a log: an async iterable, and by `asObservable()` an Observable.
 *
 * Nothing is read before it is iterated or subscribed to, and each iteration and subscription reads
 * anew. Iterating reads no further than the loop has come, so that memory stays flat however long the
 * log is; an Observable pushes as fast as it can read, so work that takes long is best done in a loop.
 */
export class LogStream implements AsyncIterable<LogRecord> {
  readonly #open: (signal: AbortSignal) => AsyncIterable<LogRecord>;

  /** @param open reads from the start; ends, without an error, once the signal is aborted */
  constructor(open: (signal: AbortSignal) => AsyncIterable<LogRecord>) {
    this.#open = open;
  }

  /** Leaving a loop, or calling `return` while waiting for the next record, closes open files. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LogRecord, undefined> {
    const left = new AbortController();
    const records = this.#open(left.signal)[Symbol.asyncIterator]();
    const iterator: AsyncIterableIterator<LogRecord, undefined> = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => records.next(),
      async return() {
        // A generator would queue it behind the next record, which may never come.
        left.abort();
        await records.return?.();
        return { done: true, value: undefined };
      },
    };
    return iterator;
  }

  /**
   * The same records, pushed; cold. Unsubscribing stops reading and closes open files at once, which
   * RxJS's `from` cannot do while it waits for the next record.
   */
  asObservable(): Observable<LogRecord> {
    return new Observable((subscriber) => {
      const unsubscribed = new AbortController();
      const push = async () => {
        try {
          for await (const record of this.#open(unsubscribed.signal)) {
            if (unsubscribed.signal.aborted) return;
            subscriber.next(record);
          }
          subscriber.complete();
        } catch (error) {
          subscriber.error(error);
        }
      };
      void push();
      return () => {
        unsubscribed.abort();
      };
    });
  }
}
