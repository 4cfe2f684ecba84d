/**
 * Mutation testing of what numbers rest on: `npm run mutate`, or `AREA=config npm run mutate`. Stryker changes the
 * compiled code a piece at a time; a change that no test notices is a test that is missing.
 */
import { env } from 'node:process';

const areas = {
  statistics: {
    code: ['src/statistics/**'],
    tests: ['statistics/**', 'report/summary', 'report/markdown'],
  },
  random: { code: ['src/random/**', 'src/data/sampler'], tests: ['random/**', 'data/sampler'] },
  config: { code: ['src/config/**'], tests: ['config/**'] },
};

const { code, tests } = areas[env.AREA ?? 'statistics'];

export default {
  testRunner: 'mocha',
  mochaOptions: { 'no-config': true, spec: tests.map((path) => `dist/test/${path}.test.js`) },
  mutate: code.map((path) => `dist/${path}.js`),
  coverageAnalysis: 'perTest',
  timeoutMS: 20_000,
  reporters: ['clear-text', 'html', 'json'],
  htmlReporter: { fileName: '.cache/mutation/index.html' },
  jsonReporter: { fileName: '.cache/mutation/mutants.json' },
  tempDirName: '.cache/stryker',
  ignorePatterns: ['/runs', '/.cache'],
  // The code is compiled already: Stryker need not look at TypeScript's settings.
  tsconfigFile: 'dist/none.json',
};
