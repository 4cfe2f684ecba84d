import { numberColumn, tableOf, textColumn } from '../text/table.js';
import type { Table } from '../text/table.js';
import { earlyText, rangeText } from './early-stops.js';
import type { ReportDocument, ReportEarlyStops } from './report-schema.js';

/** When early stopping ended the variants' training, a row for each point and variant; undefined without it. */
export function earlyStopsTable({
  earlyStopping,
  points,
  variants,
}: ReportDocument): Table | undefined {
  if (earlyStopping === undefined) return undefined;
  const labels = new Map(variants.map(({ name, label }) => [name, label]));
  const isSweep = points.length > 1;
  const labelOf = ({ variant }: ReportEarlyStops) => labels.get(variant) ?? variant;
  return tableOf('Early stopping', earlyStopping, [
    ...(isSweep
      ? [textColumn<ReportEarlyStops>('Point', ({ point }) => points[point]?.label ?? '')]
      : []),
    textColumn('Variant', labelOf),
    numberColumn('Stopped early', earlyText),
    numberColumn('Last step, median (range)', ({ lastStep }) => rangeText(lastStep)),
    numberColumn('Best step, median (range)', ({ bestStep }) => rangeText(bestStep)),
  ]);
}
