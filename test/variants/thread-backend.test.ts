import { expect } from 'chai';
import { lastValueFrom } from 'rxjs';
import { LockstepError } from '../../src/protocol/index.js';
import { threadBackend } from '../../src/variants/thread-backend.js';
import { openTask, rawData, smallVariant, stepTask } from '../support/variants.js';

describe('threadBackend', function () {
  this.timeout(30_000);

  it('tells of the step that failed, whatever the steps sent after it answer', async () => {
    const plan = { ...openTask(), variant: smallVariant({ name: 'small' }) };
    const session = await threadBackend().open(plan, Promise.resolve(rawData()));
    // None of these is the first.
    const sent = [2, 3, 4].map((step) => lastValueFrom(session.step(stepTask(step))));
    for (const reply of sent) reply.catch(() => undefined);
    const error: unknown = await sent[0]!.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(LockstepError).and.include({
      message: 'variant small: expected step 1, got step 2',
    });
    await session.destroy();
    // Their answers come to nobody; the test runner fails on an exception that nobody caught.
    await Promise.allSettled(sent);
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
});
