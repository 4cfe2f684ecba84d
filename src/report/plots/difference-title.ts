/** Pixels a character of an axis title takes, about. */
const characterWidth = 6.5;

/**
 * What an axis of differences is called: by the variants' labels where they fit along it, otherwise
 * by their roles, as a title that is longer than its axis pushes the plot aside.
 * @param room pixels along the axis
 */
export function differenceTitle(
  { challenger, baseline }: { readonly challenger: string; readonly baseline: string },
  factor: number,
  room: number,
): string {
  const unit = factor === 100 ? ', points' : '';
  const named = `${challenger} − ${baseline}${unit}`;
  const fits = Array.from(named).length * characterWidth <= room;
  return fits ? named : `challenger − baseline${unit}`;
}
