import { packPanels, packTransposed } from './pack';
import { gridTile, panelStep, panelWidth, rowTile, spill, sumsSize, tileRows } from './tile';

/** Depth of a panel: it stays in the first-level cache together with the rows it meets. */
const depthBlock: i32 = 128;
const tableSize: usize = 32;
/** Bytes before the panels: the table, a tile at the edge, sums of sums. */
const headerSize: usize = tableSize + 128 + sumsSize;

/** Floats of scratch `multiply` and `multiplyTransposed` need. */
export function multiplyScratch(rows: i32, depth: i32, columns: i32): i32 {
  const panels = (columns + panelWidth - 1) / panelWidth;
  const tiles = (rows + tileRows - 1) / tileRows;
  const block = min(depth, depthBlock);
  return ((<i32>headerSize) >> 2) + panelWidth * block * panels + tileRows * block * tiles;
}

/** `out[rows, columns] = left[rows, depth] right`, with right `[depth, columns]` or its transpose. */
export function multiply(
  left: usize,
  right: usize,
  out: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  transposeRight: bool,
  scratch: usize,
): void {
  const table = scratch;
  const corner = scratch + tableSize;
  const sums = corner + 128;
  const panels = scratch + headerSize;
  const leftStep = (<usize>depth) << 2;
  const pitch = (<usize>columns) << 2;
  store<usize>(table, 0, 16);
  for (let start = 0; start < depth; start += depthBlock) {
    const count = min(depthBlock, depth - start);
    if (transposeRight) {
      packTransposed(right + ((<usize>start) << 2), count, columns, depth, panels);
    } else {
      packPanels(right + <usize>start * pitch, count, columns, columns, panelWidth, panels);
    }
    for (let column = 0; column < columns; column += panelWidth) {
      const panel = panels + <usize>(column / panelWidth) * <usize>count * panelStep;
      const width = min(panelWidth, columns - column);
      for (let row = 0; row < rows; row += tileRows) {
        const height = min(tileRows, rows - row);
        for (let i = 0; i < tileRows; i += 1) {
          // Rows past the last one repeat it; their results are not kept.
          const at = left + <usize>min(row + i, rows - 1) * leftStep + ((<usize>start) << 2);
          store<usize>(table + ((<usize>i) << 2), at);
        }
        const to = out + <usize>row * pitch + ((<usize>column) << 2);
        if (height == tileRows && width == panelWidth) {
          rowTile<f32>(table, 1, count, panel, to, pitch, start > 0, sums);
        } else {
          rowTile<f32>(table, 1, count, panel, corner, panelStep, false, sums);
          spill(corner, to, pitch, height, width, start > 0);
        }
      }
    }
  }
}

/** `out[rows, columns] = transpose(left[depth, rows]) right[depth, columns]`. */
export function multiplyTransposed(
  left: usize,
  right: usize,
  out: usize,
  rows: i32,
  depth: i32,
  columns: i32,
  scratch: usize,
): void {
  const corner = scratch + tableSize;
  const sums = corner + 128;
  const block = min(depth, depthBlock);
  const panels = scratch + headerSize;
  const panelCount = (columns + panelWidth - 1) / panelWidth;
  const lefts = panels + <usize>(block * panelCount) * panelStep;
  const pitch = (<usize>columns) << 2;
  memory.fill(out, 0, <usize>rows * pitch);
  for (let start = 0; start < depth; start += depthBlock) {
    const count = min(depthBlock, depth - start);
    packPanels(right + <usize>start * pitch, count, columns, columns, panelWidth, panels);
    packPanels(left + ((<usize>start * <usize>rows) << 2), count, rows, rows, tileRows, lefts);
    for (let row = 0; row < rows; row += tileRows) {
      const at = lefts + ((<usize>row * <usize>count) << 2);
      const height = min(tileRows, rows - row);
      for (let column = 0; column < columns; column += panelWidth) {
        const panel = panels + ((<usize>column * <usize>count) << 2);
        const width = min(panelWidth, columns - column);
        const to = out + <usize>row * pitch + ((<usize>column) << 2);
        if (height == tileRows && width == panelWidth) {
          gridTile(at, 16, 0, panel, 0, 1, count, to, pitch, sums);
        } else {
          memory.fill(corner, 0, 128);
          gridTile(at, 16, 0, panel, 0, 1, count, corner, panelStep, sums);
          spill(corner, to, pitch, height, width, true);
        }
      }
    }
  }
}
