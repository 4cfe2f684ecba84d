import { Observable } from 'rxjs';
import type { LogRecord } from '../log/records.js';

/**
 * The records of a log: an async iterable and, by `asObservable()`, an Observable.
 *
 * Reading starts with an iteration or subscription, and each reads anew. A loop reads no further than it
 * has come, so memory stays flat however long the log is; an Observable pushes as fast as it can read, so
 * do slow work in a loop.
 */
export class LogStream implements AsyncIterable<LogRecord> {
  readonly #open: (signal: AbortSignal) => AsyncIterable<LogRecord>;

  /** @param open reads from the start; ends, without an error, once the signal is aborted */
  constructor(open: (signal: AbortSignal) => AsyncIterable<LogRecord>) {
    this.#open = open;
  }

  /** Leaving a loop, or calling `return` while `next` is pending, closes the log. */
  [Symbol.asyncIterator](): AsyncIterableIterator<LogRecord, undefined> {
    const left = new AbortController();
    const records = this.#open(left.signal)[Symbol.asyncIterator]();
    const iterator: AsyncIterableIterator<LogRecord, undefined> = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => records.next(),
      async return() {
        // A generator would queue the return behind the pending record, which may never come.
        left.abort();
        await records.return?.();
        return { done: true, value: undefined };
      },
    };
    return iterator;
  }

  /**
   * The same records as a cold Observable. Unsubscribing closes the log at once, which RxJS's `from` could
   * not do while it waits for the next record.
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
