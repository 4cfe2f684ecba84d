import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { LogRecord, StepRecord } from '../../src/log/records.js';
import { trialFiles } from '../../src/run/run-directory.js';
import { trialRecords } from '../support/log-records.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const program = fileURLToPath(new URL('../support/programs/read-large-log.js', import.meta.url));

/** A log with the step of a short one again and again. */
function* lines(steps: number): Generator<string> {
  const [start, step] = trialRecords({ steps: 1, planned: steps }) as [LogRecord, StepRecord];
  yield `${JSON.stringify(start)}\n`;
  const text = JSON.stringify(step);
  for (let at = 1; at <= steps; at += 1) yield `${text.replace('"step":1', `"step":${at}`)}\n`;
}

describe('a log larger than the memory', () => {
  it('is summarized and resumed from', async function () {
    this.timeout(120_000);
    const steps = 100_000;
    await withTemporaryFolder(async (run) => {
      const files = trialFiles(run, 0);
      await mkdir(files.folder, { recursive: true });
      await pipeline(Readable.from(lines(steps)), createWriteStream(files.log));
      const output = execFileSync(process.execPath, [
        '--max-old-space-size=56',
        program,
        run,
        String(steps),
      ]);
      expect(JSON.parse(String(output))).to.deep.equal({ step: steps, kept: 2 });
    });
  });
});
