import { cp, readFile, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withTemporaryFolder } from '../../test/support/temporary-folder.js';
import { writeSyntheticRun } from '../../test/support/synthetic-run.js';
import { listen, serve, timed } from './served.js';

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** What it takes to list many runs: at once, when all have been read, and after one has changed. */
export function measureList({ runs, trials }: { runs: number; trials: number }) {
  return withTemporaryFolder(async (parent) => {
    const run = await writeSyntheticRun(parent, { seeds: seeds(trials), steps: 2 });
    const folder = dirname(run);
    const manifest = await readFile(join(run, 'manifest.json'), 'utf8');
    for (let copy = 1; copy < runs; copy += 1) {
      const name = `copy-${String(copy).padStart(5, '0')}`;
      await cp(run, join(folder, name), { recursive: true });
      const text = manifest.replaceAll(basename(run), name);
      await writeFile(join(folder, name, 'manifest.json'), text);
    }
    const { address, startMs, end } = await serve(folder);
    const first = await timed(address);
    const all = await timed(`${address}api/runs`);
    const again = await timed(address);
    await utimes(join(run, 'trials'), new Date(), new Date());
    const changed = await timed(address);
    const { peakMiB } = await end();
    return {
      ...{ startMs, firstMs: first.ms, allReadMs: first.ms + all.ms },
      ...{ againMs: again.ms, changedMs: changed.ms, bytes: again.bytes, peakMiB },
    };
  });
}

/** What it takes to open a long run: its page, its data, and its report. */
export function measureOpening({ trials, steps }: { trials: number; steps: number }) {
  return withTemporaryFolder(async (parent) => {
    const run = await writeSyntheticRun(parent, { seeds: seeds(trials), steps });
    const { address, end } = await serve(dirname(run));
    const at = `${address}runs/${basename(run)}`;
    const page = await timed(at);
    const start = performance.now();
    let heard: () => void;
    const snapshot = new Promise<void>((resolve) => (heard = resolve));
    const stop = await listen(`${at}/events`, (event) => {
      if (event === 'snapshot') heard();
    });
    await snapshot;
    const snapshotMs = performance.now() - start;
    const report = await timed(`${at}/report`);
    const again = await timed(at);
    stop();
    const { peakMiB } = await end();
    return {
      ...{ pageMs: page.ms, snapshotMs, reportMs: page.ms + snapshotMs + report.ms },
      ...{ againMs: again.ms, peakMiB },
    };
  });
}
