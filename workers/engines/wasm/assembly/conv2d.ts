import { packPanels, promote } from './pack';
import {
  gridTile,
  panelStep,
  panelWidth,
  preciseRowTile,
  rowTile,
  spill,
  sumsSize,
  tileRows,
} from './tile';

const entrySize: usize = 20;

/** Filters of at most this many weights are summed in float64. */
const preciseTerms: i32 = 64;

/**
 * Copies one image `[height, width, channels]` into the middle of a larger one of zeros, its lines
 * `spreadHeight` and the pixels of a line `spreadWidth` apart.
 */
export function pad(
  from: usize,
  height: i32,
  width: i32,
  channels: i32,
  spreadHeight: i32,
  spreadWidth: i32,
  top: i32,
  left: i32,
  to: usize,
  paddedHeight: i32,
  paddedWidth: i32,
): void {
  const pixel = (<usize>channels) << 2;
  memory.fill(to, 0, <usize>(paddedHeight * paddedWidth) * pixel);
  for (let y = 0; y < height; y += 1) {
    let at = to + <usize>((y * spreadHeight + top) * paddedWidth + left) * pixel;
    if (spreadWidth == 1) {
      memory.copy(at, from, <usize>width * pixel);
      from += <usize>width * pixel;
      continue;
    }
    for (let x = 0; x < width; x += 1) {
      memory.copy(at, from, pixel);
      from += pixel;
      at += <usize>spreadWidth * pixel;
    }
  }
}

/** Floats of scratch `convolve` needs. */
export function convolveScratch(
  paddedHeight: i32,
  paddedWidth: i32,
  channels: i32,
  filterHeight: i32,
  filterWidth: i32,
  filters: i32,
): i32 {
  const panels = (filters + panelWidth - 1) / panelWidth;
  return (
    128 +
    5 * filterHeight +
    3 * panelWidth * panels * filterHeight * filterWidth * channels +
    paddedHeight * paddedWidth * channels
  );
}

/**
 * A convolution: each image is padded (and, for the gradient of a strided one, spread) into scratch,
 * where every row of a filter meets consecutive floats.
 * @param x `[batch, height, width, channels]`
 * @param filter `[filterHeight, filterWidth, channels, filters]`
 * @param out `[batch, outHeight, outWidth, filters]`
 * @param forward whether it matters which of the results is largest, or above 0: they are then more exact
 */
export function convolve(
  x: usize,
  filter: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  spreadHeight: i32,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  filters: i32,
  strideHeight: i32,
  outHeight: i32,
  outWidth: i32,
  forward: bool,
  scratch: usize,
  strideWidth: i32,
  spreadWidth: i32,
): void {
  const corner = scratch;
  const sums = scratch + 128;
  const table = sums + sumsSize;
  const panels = (table + <usize>filterHeight * entrySize + 15) & ~15;
  const depth = filterWidth * channels;
  const rows = filterHeight * depth;
  const panelCount = (filters + panelWidth - 1) / panelWidth;
  const precise = rows <= preciseTerms;
  const doubles = panels + <usize>(panelCount * rows) * panelStep;
  const padded = doubles + <usize>(panelCount * rows) * panelStep * 2;
  const pixel = (<usize>channels) << 2;
  const line = <usize>paddedWidth * pixel;
  const pitch = (<usize>filters) << 2;
  const pixels = outHeight * outWidth;
  packPanels(filter, rows, filters, filters, panelWidth, panels);
  if (precise) promote(panels, panelCount * rows * panelWidth, doubles);
  for (let image = 0; image < batch; image += 1) {
    pad(
      x,
      height,
      width,
      channels,
      spreadHeight,
      spreadWidth,
      top,
      left,
      padded,
      paddedHeight,
      paddedWidth,
    );
    x += <usize>(height * width) * pixel;
    for (let first = 0; first < pixels; first += tileRows) {
      const tall = min(tileRows, pixels - first);
      const firstLine = (first / outWidth) * strideHeight;
      const lastLine = ((first + tall - 1) / outWidth) * strideHeight;
      let taps = 0;
      for (let row = 0; row < filterHeight; row += 1) {
        // Rows of the filter that meet nothing but padding add nothing.
        if (lastLine + row < top || firstLine + row > top + (height - 1) * spreadHeight) continue;
        const entry = table + <usize>taps * entrySize;
        for (let i = 0; i < tileRows; i += 1) {
          // Pixels past the last one repeat it; their results are not kept.
          const at = min(first + i, pixels - 1);
          const y = at / outWidth;
          const start = padded + <usize>(y * strideHeight + row) * line;
          const from = start + <usize>((at - y * outWidth) * strideWidth) * pixel;
          store<usize>(entry + ((<usize>i) << 2), from);
        }
        store<usize>(entry, <usize>(row * depth) * panelStep, 16);
        taps += 1;
      }
      for (let column = 0; column < filters; column += panelWidth) {
        const panel = <usize>((column / panelWidth) * rows) * panelStep;
        const wide = min(panelWidth, filters - column);
        const to = out + <usize>first * pitch + ((<usize>column) << 2);
        const whole = tall == tileRows && wide == panelWidth;
        const tile = whole ? to : corner;
        const step = whole ? pitch : panelStep;
        if (precise) preciseRowTile(table, taps, depth, doubles + 2 * panel, tile, step);
        else if (forward) rowTile<f64>(table, taps, depth, panels + panel, tile, step, false, sums);
        else rowTile<f32>(table, taps, depth, panels + panel, tile, step, false, sums);
        if (!whole) spill(corner, to, pitch, tall, wide, false);
      }
    }
    out += <usize>pixels * pitch;
  }
}

/** Turns a filter by half a circle and swaps its channels: `[height, width, to, from]`. */
export function flipFilter(
  filter: usize,
  taps: i32,
  channels: i32,
  filters: i32,
  out: usize,
): void {
  const size = (<usize>(channels * filters)) << 2;
  for (let tap = 0; tap < taps; tap += 1) {
    const from = filter + <usize>(taps - 1 - tap) * size;
    for (let f = 0; f < filters; f += 1) {
      for (let c = 0; c < channels; c += 1) {
        store<f32>(out, load<f32>(from + ((<usize>(c * filters + f)) << 2)));
        out += 4;
      }
    }
  }
}

/** Images whose filter gradients are summed before they are added to the others'. */
const imagesPerSum: i32 = 8;

/** Floats of scratch `filterGradient` needs. */
export function filterGradientScratch(
  paddedHeight: i32,
  paddedWidth: i32,
  channels: i32,
  filters: i32,
  pixels: i32,
  filterSize: i32,
): i32 {
  const panels = (filters + panelWidth - 1) / panelWidth;
  const padded = paddedHeight * paddedWidth * channels + tileRows;
  return 128 + panelWidth * panels * pixels + padded + filterSize;
}

/**
 * The gradient of a convolution with respect to its filter, image by image: the padded image's
 * `[filterWidth * channels]` floats at every position, transposed, times the output's gradient.
 * @param dy `[batch, outHeight, outWidth, filters]`
 * @param out `[filterHeight, filterWidth, channels, filters]`
 */
export function filterGradient(
  x: usize,
  dy: usize,
  out: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  paddedHeight: i32,
  paddedWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  filters: i32,
  strideHeight: i32,
  outHeight: i32,
  outWidth: i32,
  scratch: usize,
  strideWidth: i32,
): void {
  const corner = scratch;
  const sums = scratch + 128;
  const panels = sums + sumsSize;
  const pixels = outHeight * outWidth;
  const panelCount = (filters + panelWidth - 1) / panelWidth;
  const padded = panels + <usize>(panelCount * pixels) * panelStep;
  const pixel = (<usize>channels) << 2;
  const line = <usize>paddedWidth * pixel;
  const pitch = (<usize>filters) << 2;
  const depth = filterWidth * channels;
  const rightLine = <usize>outWidth * panelStep;
  const size = <usize>(filterHeight * depth) * pitch;
  const part = padded + <usize>(paddedHeight * paddedWidth * channels + tileRows) * 4;
  memory.fill(out, 0, size);
  memory.fill(part, 0, size);
  for (let image = 0; image < batch; image += 1) {
    pad(x, height, width, channels, 1, 1, top, left, padded, paddedHeight, paddedWidth);
    x += <usize>(height * width) * pixel;
    packPanels(dy, pixels, filters, filters, panelWidth, panels);
    dy += <usize>pixels * pitch;
    for (let row = 0; row < filterHeight; row += 1) {
      // Output lines that see, through this row of the filter, nothing but padding add nothing.
      let begin = 0;
      while (begin < outHeight && begin * strideHeight + row < top) begin += 1;
      let end = outHeight;
      while (end > begin && (end - 1) * strideHeight + row >= top + height) end -= 1;
      if (begin == end) continue;
      const start = padded + <usize>(begin * strideHeight + row) * line;
      for (let column = 0; column < filters; column += panelWidth) {
        const panel =
          panels + <usize>((column / panelWidth) * pixels + begin * outWidth) * panelStep;
        const wide = min(panelWidth, filters - column);
        for (let at = 0; at < depth; at += tileRows) {
          const tall = min(tileRows, depth - at);
          const from = start + ((<usize>at) << 2);
          const to = part + <usize>(row * depth + at) * pitch + ((<usize>column) << 2);
          const step = <usize>strideWidth * pixel;
          const lines = end - begin;
          const leftLine = <usize>strideHeight * line;
          if (tall == tileRows && wide == panelWidth) {
            gridTile(from, step, leftLine, panel, rightLine, lines, outWidth, to, pitch, sums);
          } else {
            memory.fill(corner, 0, 128);
            gridTile(
              from,
              step,
              leftLine,
              panel,
              rightLine,
              lines,
              outWidth,
              corner,
              panelStep,
              sums,
            );
            spill(corner, to, pitch, tall, wide, true);
          }
        }
      }
    }
    if ((image + 1) % imagesPerSum == 0 || image + 1 == batch) {
      for (let at: usize = 0; at < size; at += 4) {
        store<f32>(out + at, load<f32>(out + at) + load<f32>(part + at));
      }
      memory.fill(part, 0, size);
    }
  }
}
