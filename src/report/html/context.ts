import type { ReportComparison, ReportDocument } from '../report-schema.js';
import { comparisonLabel } from '../comparison-table.js';
import { seriesColor } from '../plots/theme.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';

/** The parts of a report that all sections need. */
export interface PageContext {
  readonly report: ReportDocument;
  /** By variant name. */
  readonly labels: ReadonlyMap<string, string>;
  /** A variant's place among all. */
  readonly series: (variant: string) => number;
  readonly labelOf: (comparison: ReportComparison) => string;
}

export function pageContext(report: ReportDocument): PageContext {
  const names = report.variants.map(({ name }) => name);
  return {
    report,
    labels: new Map(report.variants.map(({ name, label }) => [name, label])),
    series: (variant) => Math.max(0, names.indexOf(variant)),
    labelOf: (comparison) => comparisonLabel(comparison, report),
  };
}

/** The colours of the variants. */
export function legend({ report }: PageContext): Markup {
  return markup`<ul class="legend">
    ${report.variants.map(
      ({ name, label }, index) =>
        markup`<li>
          <span style="background:${seriesColor(index)}"></span
          >${label}${name === report.baseline ? ' (baseline)' : ''}
        </li>`,
    )}
  </ul>`;
}
