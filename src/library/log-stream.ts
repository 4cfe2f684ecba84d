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

  async *[Symbol.asyncIterator](): AsyncGenerator<LogRecord, void, undefined> {
    yield* this.#open(new AbortController().signal);
  }

  /**
   * The same records, pushed; cold. Unsubscribing ends the reading and closes what it had open, at
   * once, which RxJS's `from` could not while it waits for the next record.
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
