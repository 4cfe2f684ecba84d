/**
 * Imports go one way: cli -> {everything of the orchestrator} -> protocol, and worker threads share
 * nothing with the orchestrator but the contracts and the random streams.
 */
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|workers)/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'orchestrator-without-tensorflow',
      comment: 'Only worker threads load TensorFlow.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/@tensorflow/' },
    },
    {
      name: 'workers-without-rxjs-and-logs',
      comment: 'Workers return plain results; the orchestrator streams and logs them.',
      severity: 'error',
      from: { path: '^workers/' },
      to: { path: 'node_modules/(rxjs|pino|piscina|yargs)/' },
    },
    only('protocol-is-the-ground', 'The contracts import nothing.', '^src/protocol/', []),
    only('random-is-pure', 'Counter-based draws stand alone.', '^src/random/', []),
    only('schema', 'The building blocks of schemas stand alone.', '^src/schema/', []),
    only('model', 'Layers, optimizers and shapes know the contracts only.', '^src/model/', [
      '^src/protocol/',
      '^src/schema/',
    ]),
    only(
      'workers',
      'Worker threads share the contracts, the shapes, the scaling, the augmentations and the streams.',
      '^workers/',
      [
        '^src/protocol/',
        '^src/random/',
        '^src/model/',
        '^src/data/(column|input-scaler|augmentations)\\.ts$',
        '^src/data/augmentations/',
        // Where the native package lies, which the orchestrator asks too.
        '^src/engines/native\\.ts$',
        // What a module of the user's is made of, which the manifest has.
        '^src/variants/module-files\\.ts$',
        // Settings of the layers that a module asks for.
        '^src/schema/',
      ],
    ),
    only('metrics', 'Metrics know the contracts only.', '^src/metrics/', ['^src/protocol/']),
    only('statistics', 'Statistics are pure.', '^src/statistics/', [
      '^src/random/',
      '^src/protocol/',
      '^src/metrics/',
      '^src/text/',
    ]),
    only('data', 'Data knows no configuration.', '^src/data/', [
      '^src/protocol/',
      '^src/random/',
      '^src/schema/',
    ]),
    only('text', 'Text knows nothing of what it tells.', '^src/text/', []),
    only('variants', 'What trains a variant knows the contracts only.', '^src/variants/', [
      '^src/protocol/',
      '^src/model/',
    ]),
    only(
      'library',
      'The library calls what commands do, not the command line.',
      '^src/(index\\.ts$|library/)',
      [
        '^src/app/',
        '^src/schedule/',
        '^src/statistics/',
        '^src/log/',
        '^src/live/',
        '^src/run/run-directory\\.ts$',
        '^src/protocol/',
      ],
    ),
    {
      name: 'nothing-imports-the-library',
      comment: 'It is for other programs; in here the parts are imported themselves.',
      severity: 'error',
      from: { pathNot: '^src/(index\\.ts$|library/)' },
      to: { path: '^src/(index\\.ts$|library/)' },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'only-the-command-line-parses',
      comment: 'What a command does is in src/app, without flags, exit codes and yargs.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: 'node_modules/(yargs|@types/yargs)/' },
    },
    {
      name: 'nothing-below-imports-the-application',
      severity: 'error',
      from: { pathNot: '^src/(cli/|app/|library/|index\\.ts$)' },
      to: { path: '^src/app/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
