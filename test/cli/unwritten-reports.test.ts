import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { summarizeFinished } from '../../src/app/summarize-run.js';
import type { CommandContext } from '../../src/cli/context.js';
import { finishRun } from '../../src/cli/finish-run.js';
import { readManifest } from '../../src/run/run-directory.js';
import { mountDisk } from '../support/mount-disk.js';
import { lockstep } from '../support/lockstep.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

/** What a finished run ends with and says, once its figure is drawn. */
async function finish(
  runFolder: string,
  draw?: Parameters<typeof summarizeFinished>[2],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const context = {
    ...streams,
    stop: new AbortController().signal,
    cwd: runFolder,
    env: { NO_COLOR: '1' },
    clock: Date.now,
    whenOutputIsLost: () => undefined,
  } as unknown as CommandContext;
  const manifest = await readManifest(runFolder);
  const code = await finishRun(
    async () => ({
      ...{ manifest, runFolder, failures: [], interrupted: false, left: [] },
      ...(await summarizeFinished(manifest, runFolder, draw)),
    }),
    { format: 'modern', json: false, quiet: false },
    context,
  );
  const textOf = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '');
  return { code, stdout: textOf(streams.stdout), stderr: textOf(streams.stderr) };
}

describe('what cannot be written after a run', function () {
  this.timeout(60_000);

  it('a figure that cannot be drawn: a warning beside the summary, and 0', async () => {
    await withTemporaryFolder(async (out) => {
      const run = await writeSyntheticRun(out, { seeds: [1, 2] });
      expect(await finish(run)).to.include({ code: 0, stderr: '' });
      const { code, stdout, stderr } = await finish(run, () =>
        Promise.reject(new TypeError('no such axis')),
      );
      expect(stderr).to.match(
        /^warning: the figure was not drawn: no such axis\n {2}The trials and their/,
      );
      expect(stdout).to.match(/^\n.*ReLU/s);
      expect(code).to.equal(0);
    });
  });

  it('a figure whose file cannot be replaced: 5, with its name', async () => {
    await withTemporaryFolder(async (out) => {
      const run = await writeSyntheticRun(out, { seeds: [1, 2] });
      await mkdir(join(run, 'figure.svg'));
      const { code, stdout, stderr } = await finish(run);
      expect(stderr).to.match(/^lockstep: cannot write .*figure\.svg: /);
      expect(stdout).to.match(/^\n.*ReLU/s);
      expect(code).to.equal(5);
    });
  });

  it('a report whose file cannot be replaced: the verdict all the same, and 5', async () => {
    await withTemporaryFolder(async (out) => {
      const run = await writeSyntheticRun(out, { seeds });
      await mkdir(join(run, 'report.html'));
      const { code, stdout, stderr } = await lockstep(out, 'report', run, '--gate', 'better');
      expect(stdout).to.match(/^better\nSNN beats ReLU by .*\n/);
      expect(stdout).not.to.include('report.html');
      expect(stderr).to.match(/^lockstep: cannot write .*report\.html: .*\n/);
      expect(code).to.equal(5);
    });
  });

  it('a report in a read-only folder: the verdict all the same, and 5', async function () {
    await withTemporaryFolder(async (out) => {
      const disk = mountDisk(out, '10m');
      // Without the right to mount, a folder's mode is respected; the superuser has both.
      if (disk === undefined && process.getuid?.() === 0) return this.skip();
      const run = await writeSyntheticRun(out, { seeds });
      try {
        if (disk) disk.remount('ro');
        else await chmod(run, 0o500);
        const html = await lockstep(out, 'report', run);
        expect(html.stdout).to.match(/^better\nSNN beats ReLU by .*\n/);
        expect(html.stderr).to.match(/^lockstep: cannot write .*report\.json: E(ROFS|ACCES): /);
        expect(html.stderr).not.to.match(/--out|^ +at /m);
        const json = await lockstep(out, 'report', run, '--json');
        expect(JSON.parse(json.stdout)).to.deep.include({ baseline: 'relu' });
        expect([html.code, json.code]).to.deep.equal([5, 5]);
      } finally {
        if (disk) disk.unmount();
        else await chmod(run, 0o700);
      }
    });
  });
});
