import { engineNames, type EngineName } from '../../src/protocol/index.js';

/**
 * The engine that the suite all engines share is run on: `wasm`, unless LOCKSTEP_TEST_ENGINE names
 * another. A process has one engine, so `tensorflow.test.ts` starts another process for its own.
 */
export const testedEngine: EngineName =
  engineNames.find((name) => name === process.env.LOCKSTEP_TEST_ENGINE) ?? 'wasm';
