/** Vectors that are made orthogonal to a finished one at a time, so that it is read once for all. */
const panel = 4;

/**
 * Makes vectors orthonormal, each against those before it (modified Gram-Schmidt in float64, in place).
 * The columns of a matrix become the Q of its QR decomposition whose R has a positive diagonal.
 * Takes about `2 count² length` operations.
 * @param vectors `[count, length]` row-major, linearly independent
 */
export function orthonormalize(vectors: Float64Array, count: number, length: number): void {
  const at = (index: number) => vectors.subarray(index * length, (index + 1) * length);
  let first = 0;
  for (; first + panel <= count; first += panel) {
    const [a, b, c, d] = [at(first), at(first + 1), at(first + 2), at(first + 3)];
    for (let done = 0; done < first; done += 1) removeFromFour(at(done), a, b, c, d);
    finish([a, b, c, d]);
  }
  const rest = Array.from({ length: count - first }, (_, index) => at(first + index));
  for (const vector of rest) {
    for (let done = 0; done < first; done += 1) remove(at(done), vector);
  }
  finish(rest);
}

/** Makes vectors orthonormal that are orthogonal to all before them. */
function finish(vectors: readonly Float64Array[]): void {
  for (const [index, vector] of vectors.entries()) {
    for (const unit of vectors.slice(0, index)) remove(unit, vector);
    let square = 0;
    for (const value of vector) square += value * value;
    const norm = Math.sqrt(square);
    for (let axis = 0; axis < vector.length; axis += 1) vector[axis]! /= norm;
  }
}

/** Takes from a vector its component along a unit vector. */
function remove(unit: Float64Array, vector: Float64Array): void {
  let product = 0;
  for (let axis = 0; axis < unit.length; axis += 1) product += unit[axis]! * vector[axis]!;
  for (let axis = 0; axis < unit.length; axis += 1) vector[axis]! -= product * unit[axis]!;
}

function removeFromFour(
  unit: Float64Array,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  const { length } = unit;
  let [ofA, ofB, ofC, ofD] = [0, 0, 0, 0];
  for (let axis = 0; axis < length; axis += 1) {
    const value = unit[axis]!;
    ofA += value * a[axis]!;
    ofB += value * b[axis]!;
    ofC += value * c[axis]!;
    ofD += value * d[axis]!;
  }
  for (let axis = 0; axis < length; axis += 1) {
    const value = unit[axis]!;
    a[axis]! -= ofA * value;
    b[axis]! -= ofB * value;
    c[axis]! -= ofC * value;
    d[axis]! -= ofD * value;
  }
}
