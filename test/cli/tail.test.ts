import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockstep, onlyRun, startLockstep } from '../support/lockstep.js';
import { childrenOf } from '../support/processes.js';
import { requirePublishedRecord } from '../support/published-log-schema.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const debug = ['run', 'debug', '--engine', 'wasm'];

interface Line {
  readonly event: string;
  readonly step?: number;
}

describe('lockstep tail', function () {
  this.timeout(120_000);

  it('passes the lines of a log through, chooses among them and ends as the run did', async () => {
    await withTemporaryFolder(async (cwd) => {
      await lockstep(cwd, ...debug, '--quiet');
      const log = await readFile(join(await onlyRun(cwd), 'trials/0000/log.ndjson'), 'utf8');
      expect(await lockstep(cwd, 'tail', '--json')).to.include({ code: 0, stdout: log });
      const some = await lockstep(cwd, 'tail', '--event', 'step', '--every', '4', '-n', '1');
      expect(some.stdout).to.match(/^step +8\/10 +ReLU loss .* SNN loss .*\n$/);
      const unknown = await lockstep(cwd, 'tail', '--where', 'variants.sn.scores.loss<1');
      expect(unknown.stderr).to.include('Did you mean variants.snn.scores.loss?');
      expect(unknown.code).to.equal(2);
    });
  });

  it('waits for a run and follows it through the death and return of its trial, step by step', async () => {
    await withTemporaryFolder(async (cwd) => {
      const tail = startLockstep(cwd, 'tail', '--wait', '--json');
      const settings = ['--set', 'training.steps=600', '--set', 'checkpoint.every=50'];
      const running = startLockstep(cwd, ...debug, ...settings);
      await tail.saw(/"step":75,/);
      for (const trial of childrenOf(running.child.pid!)) process.kill(trial, 'SIGKILL');
      expect((await running.finished).code).to.equal(0);
      const { code, stdout } = await tail.finished;
      const lines = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      const steps = lines.filter(({ event }) => event === 'step').map(({ step }) => step);
      expect(steps).to.deep.equal(Array.from({ length: 600 }, (_, i) => i + 1));
      // Whatever a trial can write is in this log, and all of it is as published.
      lines.forEach(requirePublishedRecord);
      expect([...new Set(lines.map(({ event }) => event))].sort()).to.deep.equal([
        'checkpoint',
        'evaluation',
        'step',
        'trial.end',
        'trial.resume',
        'trial.start',
      ]);
      expect(code).to.equal(0);
    });
  });

  it('ends with 2 where there is no run', async () => {
    await withTemporaryFolder(async (cwd) => {
      const { code, stderr } = await lockstep(cwd, 'tail');
      expect(stderr).to.match(/expected a run in .*runs.*--wait/s);
      expect(code).to.equal(2);
    });
  });
});
