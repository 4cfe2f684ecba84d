import { expect } from 'chai';
import { renderReportPage } from '../../src/report/html/page.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { reportOfRun } from '../../src/report/read-report.js';
import { renderReportText } from '../../src/report/report-text.js';
import type { ReportDocument } from '../../src/report/report-schema.js';
import { recordForcedResume } from '../../src/run/resumes.js';
import type { Change } from '../../src/run/resumes.js';
import { writeSyntheticRun } from '../support/synthetic-run.js';
import type { SyntheticRun } from '../support/synthetic-run.js';
import { withTemporaryFolder } from '../support/temporary-folder.js';

const seeds = [1, 2, 3, 4, 5, 6];
const time = Date.UTC(2026, 0, 2);

interface Resumed extends Omit<SyntheticRun, 'seeds'> {
  /** What had changed, where trial 2 was resumed with --force. */
  readonly changes?: readonly Change[];
}

function reportOf({ changes, ...run }: Resumed): Promise<ReportDocument> {
  return withTemporaryFolder(async (out) => {
    const folder = await writeSyntheticRun(out, { seeds, ...run });
    if (changes) recordForcedResume(folder, { time, trials: [2], changes });
    return reportOfRun(folder, { version: '0.0.0' });
  });
}

/** As a page, as Markdown and in a terminal. */
async function rendered(report: ReportDocument): Promise<string[]> {
  const text = renderReportText(report, { color: false, columns: 200, files: {} });
  return [await renderReportPage(report), renderMarkdown(report), text];
}

describe('the report of a run that was resumed with --force', () => {
  const labels = {
    what: 'data train-labels-idx1-ubyte',
    then: 'a'.repeat(32),
    now: 'b'.repeat(32),
  };

  it('says beside the verdict which data changed and which trials may mix both', async () => {
    const report = await reportOf({ changes: [labels] });
    expect(report.notes).to.have.length(1);
    expect(report.notes[0]).to.match(
      /^resumed with --force after the data changed \(train-labels-idx1-ubyte was a{32}, then b{32}\): trial 2 may mix both$/,
    );
    expect(report.decision.exploratory).to.equal(false);
    for (const text of await rendered(report)) {
      expect(text).to.match(/resumed with --force after the data changed/i);
      expect(text).to.match(/trial 2 may mix both/);
    }
  });

  it('says nothing of data where only the code changed', async () => {
    const changes = [{ what: 'code that trains', then: 'a', now: 'b' }];
    expect((await reportOf({ changes })).notes).to.deep.equal([]);
  });
});

describe('the report of a run to which seeds were added', () => {
  const extension = { time: '2026-01-02T00:00:00.000Z', seeds: [7, 8] };

  it('counts the new pairs, and is exploratory where results were known by then', async () => {
    const report = await reportOf({ extension: { ...extension, hadResults: true } });
    expect(report.comparisons[0]?.pairs.seeds).to.deep.equal([...seeds, 7, 8]);
    expect(report.decision).to.include({ exploratory: true, plannedPairs: 8 });
    expect(report.headline.sentence).to.match(/^Exploratory: /);
    expect(report.notes).to.have.length(1);
    for (const text of await rendered(report)) {
      expect(text).to.match(/2 seeds were added after looking/);
      expect(text).to.match(/exploratory/i);
    }
  });

  it('decides as planned where no result was known', async () => {
    const report = await reportOf({ extension: { ...extension, hadResults: false } });
    expect(report.comparisons[0]?.pairs.completed).to.equal(8);
    expect(report.decision.exploratory).to.equal(false);
    expect(report.notes).to.deep.equal([]);
  });
});
