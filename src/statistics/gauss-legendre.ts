/** Nodes and weights of a quadrature: the sum of weight × f(node) is close to the integral of f. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature on [-1, 1] (Abramowitz & Stegun 1964, 25.4.29). Nodes are roots of the Legendre
 * polynomial, found by Newton's method from Tricomi's approximation; ascending.
 * @param count at least 1
 */
export function gaussLegendre(count: number): Quadrature {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < Math.ceil(count / 2); i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    // Converges quadratically; the last round takes the slope at the root itself.
    for (let round = 0; round < 8; round++) {
      const at = legendre(count, x);
      slope = at.slope;
      x -= at.value / slope;
    }
    const weight = 2 / ((1 - x * x) * slope * slope);
    nodes[i] = -x;
    nodes[count - 1 - i] = x;
    weights[i] = weights[count - 1 - i] = weight;
  }
  return { nodes, weights };
}

/** The Legendre polynomial of a degree and its derivative at x in (-1, 1), by Bonnet's recursion. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) {
    [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}
