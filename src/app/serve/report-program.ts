/** A program of its own, started by `Reports`: sends the report of the run in the folder that is its argument. */
import { LockstepError } from '../../protocol/index.js';
import { reportParts } from '../../report/html/page.js';
import { reportOfRun } from '../../report/read-report.js';
import { reportJson } from '../../report/report-schema.js';
import { collectProvenance } from '../../run/provenance.js';

/** A report as a page has it. */
export interface RenderedReport {
  readonly title: string;
  readonly heading: string;
  readonly navigation: string;
  readonly verdict: string;
  readonly sections: string;
  readonly json: string;
}

/** Or why there is none. */
export type RenderReply = RenderedReport | { readonly reason: string };

/**
 * Makes the report of a run as it stands. The data set that a manifest names is not read, as the folder may be
 * anybody's: what rests on predictions is left out.
 */
async function render(folder: string): Promise<RenderReply> {
  try {
    const { lockstep } = await collectProvenance([]);
    const document = await reportOfRun(folder, lockstep, { readsData: false });
    const { title, heading, navigation, verdict, sections } = await reportParts(document);
    return {
      title,
      heading: heading.text,
      navigation: navigation.text,
      verdict: verdict.text,
      sections: sections.text,
      json: reportJson(document),
    };
  } catch (error) {
    if (!(error instanceof LockstepError)) throw error;
    return { reason: error.message };
  }
}

const [, , folder = ''] = process.argv;
// Closed before it is sent, a long report would be lost.
process.send?.(await render(folder), undefined, undefined, () => {
  process.disconnect();
});
