/**
 * The gradient of max pooling over a convolution (stride 1), which takes only what passed the pooling: of
 * each window one place has a gradient, so three quarters of the output of a 2 by 2 pooled convolution are
 * zeros. The gradients that are not zero (after ReLU about half of the rest) are listed channel by channel,
 * and only these terms are added up. The native engine's kernel (`tensorflow/native`) does the same.
 *
 * Channels lie in blocks of four, so that the taps of a row are consecutive vectors. An image of one
 * channel is its own row of vectors; there, a vector of taps for each row takes the place of one for each
 * column.
 */

import { pad } from './conv2d';

/** Bytes of a term: a gradient, and where its window of taps begins in the padded image. */
const termSize: usize = 8;

/** Images whose gradients of the filter are summed before they join those of the others, in float64. */
const imagesPerSum: i32 = 8;

/** Channels of the output whose gradients of an image are summed before they join the others'. */
const outputsPerSum: i32 = 16;

/** Vectors of four columns that cover a row of the kernel in an image of one channel. */
function thinVectors(kernel: i32): i32 {
  return (kernel + 3) >> 2;
}

/** Vectors of the sums of one channel of the output. */
function vectorsPerOutput(inputs: i32, kernel: i32): i32 {
  return inputs == 1 ? thinVectors(kernel) * kernel : (inputs >> 2) * kernel * kernel;
}

/** Floats of scratch `convMaxPoolGradient` needs. */
export function convMaxPoolGradientScratch(
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  kernel: i32,
  padding: i32,
  positions: i32,
): i32 {
  const image = (height + 2 * padding) * (width + 2 * padding) * inputs + 8;
  const sums = outputs * vectorsPerOutput(inputs, kernel) * 4;
  return 3 * image + 4 * sums + outputs * positions * 2 + outputs + 16;
}

/**
 * @param x `[batch, height, width, inputs]`; one channel or a multiple of four
 * @param filter `[kernel, kernel, inputs, outputs]`, 3 by 3 or 5 by 5; outputs in fours
 * @param convolved `[batch, convHeight, convWidth, outputs]`, what was pooled
 * @param dy `[batch, pooledHeight, pooledWidth, outputs]`; the pooling windows lie all inside
 * @param dx the shape of x; 0 where nobody asks, as with one channel
 * @param padding zeros around the image, on each side
 */
export function convMaxPoolGradient(
  x: usize,
  filter: usize,
  convolved: usize,
  dy: usize,
  dFilter: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  inputs: i32,
  outputs: i32,
  kernel: i32,
  padding: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  poolSize: i32,
  stride: i32,
  scratch: usize,
): void {
  const paddedHeight = height + 2 * padding;
  const paddedWidth = width + 2 * padding;
  const convHeight = paddedHeight - kernel + 1;
  const convWidth = paddedWidth - kernel + 1;
  const positions = pooledHeight * pooledWidth;
  const vectors = vectorsPerOutput(inputs, kernel);
  const sumsSize = (<usize>(outputs * vectors)) << 4;
  const imageSize = (((<usize>(paddedHeight * paddedWidth * inputs)) << 2) + 31) & ~15;
  const image = (scratch + 15) & ~15;
  const dImage = image + imageSize;
  const dPart = dImage + imageSize;
  const packed = dPart + imageSize;
  const part = packed + sumsSize;
  const total = part + sumsSize;
  const terms = total + 2 * sumsSize;
  const counts = terms + <usize>(outputs * positions) * termSize;
  const thin = inputs == 1;
  const pixel: usize = thin ? 4 : 16;
  const rowStep = <usize>paddedWidth * pixel;
  const plane = <usize>paddedHeight * rowStep;
  const blocks = thin ? 1 : inputs >> 2;
  const tapsSize = (<usize>(vectors / blocks)) << 4;
  memory.fill(image, 0, imageSize);
  memory.fill(part, 0, 3 * sumsSize);
  memory.fill(dPart, 0, imageSize);
  if (dx != 0) packFilter(filter, inputs, outputs, kernel, packed);
  for (let n = 0; n < batch; n += 1) {
    if (thin) pad(x, height, width, 1, 1, 1, padding, padding, image, paddedHeight, paddedWidth);
    else moveBlocks(x, image, height, width, inputs, padding, true);
    listTerms(
      convolved,
      dy,
      outputs,
      convWidth,
      pooledHeight,
      pooledWidth,
      poolSize,
      stride,
      pixel,
      rowStep,
      terms,
      counts,
    );
    if (dx != 0) memory.fill(dImage, 0, imageSize);
    for (let block = 0; block < blocks; block += 1) {
      const blockAt = <usize>block * plane;
      for (let output = 0; output < outputs; output += 1) {
        const first = terms + <usize>(output * positions) * termSize;
        const last = first + <usize>load<i32>(counts + ((<usize>output) << 2)) * termSize;
        const taps = <usize>(output * blocks + block) * tapsSize;
        if (thin) addThin(first, last, image, rowStep, kernel, part + taps);
        else addBlock(first, last, image + blockAt, rowStep, kernel, part + taps);
        if (dx == 0) continue;
        spreadBlock(first, last, packed + taps, rowStep, kernel, dPart);
        if ((output + 1) % outputsPerSum == 0 || output + 1 == outputs) {
          addTo(dImage + blockAt, dPart, plane);
        }
      }
    }
    if (dx != 0) {
      moveBlocks(dx, dImage, height, width, inputs, padding, false);
      dx += (<usize>(height * width * inputs)) << 2;
    }
    if ((n + 1) % imagesPerSum == 0 || n + 1 == batch) addInDouble(total, part, sumsSize);
    x += (<usize>(height * width * inputs)) << 2;
    convolved += (<usize>(convHeight * convWidth * outputs)) << 2;
    dy += (<usize>(positions * outputs)) << 2;
  }
  unpackSums(total, inputs, outputs, kernel, dFilter);
}

/** Adds the terms of one channel of the output to its sums, the image having one channel. */
function addThin(
  first: usize,
  last: usize,
  image: usize,
  rowStep: usize,
  kernel: i32,
  sums: usize,
): void {
  for (let vector = 0; vector < thinVectors(kernel); vector += 1) {
    if (kernel == 5) addRows5(first, last, image, rowStep, sums);
    else addRows3(first, last, image, rowStep, sums);
    image += 16;
    sums += (<usize>kernel) << 4;
  }
}

/** The same for a block of four channels. */
function addBlock(
  first: usize,
  last: usize,
  image: usize,
  rowStep: usize,
  kernel: i32,
  sums: usize,
): void {
  for (let row = 0; row < kernel; row += 1) {
    if (kernel == 5) addColumns5(first, last, image, sums);
    else addColumns3(first, last, image, sums);
    image += rowStep;
    sums += (<usize>kernel) << 4;
  }
}

/** Spreads the terms over the gradient of a block of the image. */
function spreadBlock(
  first: usize,
  last: usize,
  taps: usize,
  rowStep: usize,
  kernel: i32,
  dImage: usize,
): void {
  for (let row = 0; row < kernel; row += 1) {
    if (kernel == 5) spreadTaps5(first, last, taps, dImage);
    else spreadTaps3(first, last, taps, dImage);
    dImage += rowStep;
    taps += (<usize>kernel) << 4;
  }
}

/** `out[tap] += sum of value * x[at + tap]`, summed from zero, over five vectors side by side. */
function addColumns5(first: usize, last: usize, x: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const at = x + load<usize>(term, 4);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(at)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(at, 32)));
    s3 = f32x4.add(s3, f32x4.mul(value, v128.load(at, 48)));
    s4 = f32x4.add(s4, f32x4.mul(value, v128.load(at, 64)));
  }
  v128.store(out, f32x4.add(v128.load(out), s0));
  v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
  v128.store(out, f32x4.add(v128.load(out, 48), s3), 48);
  v128.store(out, f32x4.add(v128.load(out, 64), s4), 64);
}

function addColumns3(first: usize, last: usize, x: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const at = x + load<usize>(term, 4);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(at)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(at, 16)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(at, 32)));
  }
  v128.store(out, f32x4.add(v128.load(out), s0));
  v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
}

/**
 * The same over five vectors one below the other. Not one function for both: offsets that the code knows
 * save 3 to 5% of a training step.
 * @param step bytes between them
 */
function addRows5(first: usize, last: usize, x: usize, step: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const at = x + load<usize>(term, 4);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(at)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(at + step)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(at + 2 * step)));
    s3 = f32x4.add(s3, f32x4.mul(value, v128.load(at + 3 * step)));
    s4 = f32x4.add(s4, f32x4.mul(value, v128.load(at + 4 * step)));
  }
  v128.store(out, f32x4.add(v128.load(out), s0));
  v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
  v128.store(out, f32x4.add(v128.load(out, 48), s3), 48);
  v128.store(out, f32x4.add(v128.load(out, 64), s4), 64);
}

function addRows3(first: usize, last: usize, x: usize, step: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const at = x + load<usize>(term, 4);
    s0 = f32x4.add(s0, f32x4.mul(value, v128.load(at)));
    s1 = f32x4.add(s1, f32x4.mul(value, v128.load(at + step)));
    s2 = f32x4.add(s2, f32x4.mul(value, v128.load(at + 2 * step)));
  }
  v128.store(out, f32x4.add(v128.load(out), s0));
  v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
}

/** `dx[at + tap] += value * taps[tap]`; the five taps stay in registers. */
function spreadTaps5(first: usize, last: usize, taps: usize, dx: usize): void {
  const t0 = v128.load(taps);
  const t1 = v128.load(taps, 16);
  const t2 = v128.load(taps, 32);
  const t3 = v128.load(taps, 48);
  const t4 = v128.load(taps, 64);
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const to = dx + load<usize>(term, 4);
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, t0)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(value, t1)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(value, t2)), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), f32x4.mul(value, t3)), 48);
    v128.store(to, f32x4.add(v128.load(to, 64), f32x4.mul(value, t4)), 64);
  }
}

function spreadTaps3(first: usize, last: usize, taps: usize, dx: usize): void {
  const t0 = v128.load(taps);
  const t1 = v128.load(taps, 16);
  const t2 = v128.load(taps, 32);
  for (let term = first; term < last; term += termSize) {
    const value = v128.load_splat<f32>(term);
    const to = dx + load<usize>(term, 4);
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(value, t0)));
    v128.store(to, f32x4.add(v128.load(to, 16), f32x4.mul(value, t1)), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), f32x4.mul(value, t2)), 32);
  }
}

/**
 * Lists, for each channel of one image's output, the gradients that are not zero and where the taps of
 * their maxima begin. Column by column: terms that follow each other touch other rows, so that none waits
 * for what the one before it stored.
 */
function listTerms(
  convolved: usize,
  dy: usize,
  outputs: i32,
  convWidth: i32,
  pooledHeight: i32,
  pooledWidth: i32,
  poolSize: i32,
  stride: i32,
  pixel: usize,
  rowStep: usize,
  terms: usize,
  counts: usize,
): void {
  const capacity = <usize>(pooledHeight * pooledWidth) * termSize;
  const bytes = (<usize>outputs) << 2;
  const line = <usize>convWidth * bytes;
  memory.fill(counts, 0, bytes);
  for (let column = 0; column < pooledWidth; column += 1) {
    for (let row = 0; row < pooledHeight; row += 1) {
      const corner = convolved + <usize>(row * stride) * line + <usize>(column * stride) * bytes;
      const window = <usize>(row * stride) * rowStep + <usize>(column * stride) * pixel;
      const gradients = dy + <usize>(row * pooledWidth + column) * bytes;
      for (let output = 0; output < outputs; output += 4) {
        const channel = (<usize>output) << 2;
        let best = v128.load(corner + channel);
        let place = i32x4.splat(<i32>window);
        for (let y = 0; y < poolSize; y += 1) {
          let from = corner + channel + <usize>y * line;
          let at = window + <usize>y * rowStep;
          for (let z = 0; z < poolSize; z += 1) {
            const value = v128.load(from);
            const larger = f32x4.gt(value, best);
            best = v128.bitselect(value, best, larger);
            place = v128.bitselect(i32x4.splat(<i32>at), place, larger);
            from += bytes;
            at += pixel;
          }
        }
        const gradient = v128.load(gradients + channel);
        // NaN is not zero either.
        const kept = f32x4.ne(gradient, f32x4.splat(0));
        const count = v128.load(counts + channel);
        const list = terms + <usize>output * capacity;
        keepTerm(
          list,
          f32x4.extract_lane(gradient, 0),
          i32x4.extract_lane(place, 0),
          i32x4.extract_lane(count, 0),
        );
        keepTerm(
          list + capacity,
          f32x4.extract_lane(gradient, 1),
          i32x4.extract_lane(place, 1),
          i32x4.extract_lane(count, 1),
        );
        keepTerm(
          list + 2 * capacity,
          f32x4.extract_lane(gradient, 2),
          i32x4.extract_lane(place, 2),
          i32x4.extract_lane(count, 2),
        );
        keepTerm(
          list + 3 * capacity,
          f32x4.extract_lane(gradient, 3),
          i32x4.extract_lane(place, 3),
          i32x4.extract_lane(count, 3),
        );
        v128.store(counts + channel, i32x4.sub(count, kept));
      }
    }
  }
}

/** Writes a term after those kept so far; the next one overwrites what is not kept. */
function keepTerm(list: usize, value: f32, place: i32, count: i32): void {
  const term = list + <usize>count * termSize;
  store<f32>(term, value);
  store<i32>(term, place, 4);
}

/** Copies an image into its padded blocks, or (`pack` false) the blocks' inside to an image. */
function moveBlocks(
  pixels: usize,
  padded: usize,
  height: i32,
  width: i32,
  channels: i32,
  padding: i32,
  pack: bool,
): void {
  const paddedWidth = width + 2 * padding;
  const plane = (<usize>((height + 2 * padding) * paddedWidth)) << 4;
  for (let row = 0; row < height; row += 1) {
    const start = <usize>((row + padding) * paddedWidth + padding);
    for (let column = 0; column < width; column += 1) {
      let block = padded + ((start + <usize>column) << 4);
      for (let channel = 0; channel < channels; channel += 4) {
        if (pack) v128.store(block, v128.load(pixels));
        else v128.store(pixels, v128.load(block));
        pixels += 16;
        block += plane;
      }
    }
  }
}

/** The filter in the order of the sums: `[outputs, blocks, kernel * kernel, 4]`. */
function packFilter(filter: usize, inputs: i32, outputs: i32, kernel: i32, to: usize): void {
  const taps = kernel * kernel;
  for (let output = 0; output < outputs; output += 1) {
    for (let block = 0; block < inputs; block += 4) {
      for (let tap = 0; tap < taps; tap += 1) {
        for (let channel = block; channel < block + 4; channel += 1) {
          const from = (tap * inputs + channel) * outputs + output;
          store<f32>(to, load<f32>(filter + ((<usize>from) << 2)));
          to += 4;
        }
      }
    }
  }
}

/** The filter's gradient `[kernel, kernel, inputs, outputs]` from its sums in float64. */
function unpackSums(sums: usize, inputs: i32, outputs: i32, kernel: i32, to: usize): void {
  const vectors = vectorsPerOutput(inputs, kernel);
  for (let row = 0; row < kernel; row += 1) {
    for (let column = 0; column < kernel; column += 1) {
      for (let input = 0; input < inputs; input += 1) {
        const vector =
          inputs == 1
            ? (column >> 2) * kernel + row
            : ((input >> 2) * kernel + row) * kernel + column;
        const lane = inputs == 1 ? column & 3 : input & 3;
        let from = sums + ((<usize>(vector * 4 + lane)) << 3);
        for (let output = 0; output < outputs; output += 1) {
          store<f32>(to, <f32>load<f64>(from));
          to += 4;
          from += (<usize>vectors) << 5;
        }
      }
    }
  }
}

/** `total += part`, and part becomes zero. */
function addTo(total: usize, part: usize, size: usize): void {
  for (let at: usize = 0; at < size; at += 16) {
    v128.store(total + at, f32x4.add(v128.load(total + at), v128.load(part + at)));
    v128.store(part + at, f32x4.splat(0));
  }
}

/** The same with a total in float64. */
function addInDouble(total: usize, part: usize, size: usize): void {
  for (let at: usize = 0; at < size; at += 16) {
    const floats = v128.load(part + at);
    const to = total + 2 * at;
    const high = v128.shuffle<f32>(floats, floats, 2, 3, 2, 3);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(floats)));
    v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
    v128.store(part + at, f32x4.splat(0));
  }
}
