/**
 * Required by mocha in `npm run coverage`. Mocha ends its parallel processes by a signal, which loses what V8 has counted there, so
 * the counts are written after each test file.
 */
import { takeCoverage } from 'node:v8';

export const mochaHooks = {
  afterAll: takeCoverage,
};
