import { jsonText } from '../files/write-atomic.js';
import type { ReportDocument } from './report-schema.js';

/** `report.json`: indented, but lists of numbers on one line each, or curves would fill pages. */
export function reportJson(report: ReportDocument): string {
  return jsonText(report).replaceAll(
    /\[\s+((?:-?[\d.]+(?:e[+-]?\d+)?|null)(?:,\s+(?:-?[\d.]+(?:e[+-]?\d+)?|null))*)\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/,\s+/g, ', ')}]`,
  );
}
