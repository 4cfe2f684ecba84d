/**
 * Holm's step-down adjusted p values (Holm, Scandinavian Journal of Statistics 6, 1979), in the
 * order given: comparing each with alpha keeps the chance of any false claim in the family at
 * alpha at most, however the comparisons depend on each other.
 *
 * `null` is a comparison that was planned but has no p: it counts in the family as p = 1, so that a
 * failure never makes the others easier, and stays `null`.
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  const order = ps
    .map((p, index) => ({ p: p ?? 1, index }))
    .sort((a, b) => a.p - b.p || a.index - b.index);
  const adjusted: (number | null)[] = ps.map(() => null);
  let floor = 0;
  order.forEach(({ p, index }, rank) => {
    floor = Math.max(floor, Math.min(1, (ps.length - rank) * p));
    if (ps[index] !== null) adjusted[index] = floor;
  });
  return adjusted;
}
