/**
 * Opens and closes two sessions at the same time, again and again, in pools of this one process.
 * Prints the tensors alive before each session was closed.
 */
import { startPiscinaPool } from '../../../src/variants/piscina-pool.js';
import { testedEngine } from '../engine.js';
import { openTask, stepTask } from '../variants.js';

const restarts = Number(process.argv[2]);
const ignore = (): void => undefined;

async function useOnce(variant: string, sessionId: string): Promise<number> {
  const pool = await startPiscinaPool(variant, testedEngine);
  await pool.run('open', openTask({ sessionId })).forEach(ignore);
  for (let step = 1; step <= 3; step += 1) {
    await pool.run('step', stepTask(step, { sessionId })).forEach(ignore);
  }
  let alive = -1;
  await pool.run('memory', { sessionId }).forEach(({ tensors }) => {
    alive = tensors;
  });
  await pool.run('close', { sessionId }).forEach(ignore);
  await pool.destroy();
  return alive;
}

const tensors: number[][] = [];
for (let restart = 0; restart < restarts; restart += 1) {
  tensors.push(await Promise.all(['a', 'b'].map((name) => useOnce(name, `${name}-${restart}`))));
}
console.log(JSON.stringify(tensors));
