import { tableOf, textColumn, numberColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import { comparisonLabel } from './comparison-table.js';
import {
  outperformsText,
  posteriorText,
  probabilityRange,
  probabilityText,
} from './effect-text.js';
import type { ReportComparison, ReportDocument } from './report-schema.js';

/** How often, and how probably, each challenger is better: a row for each comparison. */
export function winsTable(report: ReportDocument): Table {
  const posterior = (of: 'worse' | 'equivalent' | 'better') =>
    numberColumn<ReportComparison>(`P(${of})`, ({ bayesianSignedRank }) =>
      bayesianSignedRank.computable ? posteriorText(bayesianSignedRank[of]) : '–',
    );
  return tableOf('How often it wins, and how probably it is better', report.comparisons, [
    textColumn<ReportComparison>(report.points.length > 1 ? 'Point' : 'Challenger', (one) =>
      comparisonLabel(one, report),
    ),
    numberColumn('P(B > A)', ({ outperforms }) =>
      outperforms.computable ? probabilityText(outperforms.p) : '–',
    ),
    numberColumn('Interval', ({ outperforms }) =>
      outperforms.computable ? probabilityRange(outperforms.interval) : '–',
    ),
    textColumn('With a new seed it wins', outperformsText),
    ...(['worse', 'equivalent', 'better'] as const).map(posterior),
  ]);
}
