import { expect } from 'chai';
import { LockstepError } from '../../src/protocol/index.js';
import type { ErrorCode } from '../../src/protocol/index.js';

/** Expects a call, or the promise it returns, to fail with a `LockstepError`; returns it. */
export async function expectError(
  code: ErrorCode,
  message: RegExp | string,
  call: () => unknown,
): Promise<LockstepError> {
  let error: unknown;
  try {
    await call();
  } catch (caught) {
    error = caught;
  }
  expect(error, 'expected a LockstepError').to.be.instanceOf(LockstepError);
  const failure = error as LockstepError;
  expect(failure.code).to.equal(code);
  if (typeof message === 'string') expect(failure.message).to.include(message);
  else expect(failure.message).to.match(message);
  return failure;
}
