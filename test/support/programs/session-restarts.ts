/**
 * Opens and closes two sessions at the same time, again and again, in threads of this one process.
 * Prints the tensors alive before each session was ended.
 */
import { threadBackend } from '../../../src/variants/thread-backend.js';
import { openTask, rawData, smallVariant, stepTask } from '../variants.js';

const restarts = Number(process.argv[2]);
const ignore = (): void => undefined;

async function useOnce(name: string): Promise<number> {
  const plan = { ...openTask(), variant: smallVariant({ name }) };
  const session = await threadBackend().open(plan, Promise.resolve(rawData()));
  for (let step = 1; step <= 3; step += 1) await session.step(stepTask(step)).forEach(ignore);
  let alive = -1;
  await session.memory().forEach(({ tensors }) => {
    alive = tensors;
  });
  await session.destroy();
  return alive;
}

const tensors: number[][] = [];
for (let restart = 0; restart < restarts; restart += 1) {
  tensors.push(await Promise.all(['a', 'b'].map((name) => useOnce(name))));
}
console.log(JSON.stringify(tensors));
