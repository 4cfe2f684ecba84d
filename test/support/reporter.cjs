/** Mocha's spec reporter, which also writes the counts to LOCKSTEP_TEST_REPORT when that is set. */
const { writeFileSync } = require('node:fs');
const { env } = require('node:process');
const { reporters, Runner } = require('mocha');

module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const path = env.LOCKSTEP_TEST_REPORT;
    if (path === undefined) return;
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      writeFileSync(path, JSON.stringify({ stats: this.stats }));
    });
  }
};
