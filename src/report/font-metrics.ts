/**
 * Advance widths of the characters from space to tilde in Arimo, Arial and Helvetica, in
 * thousandths of the font size (Arimo's hmtx table; Adobe's Helvetica AFM has the same).
 */
const advances = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Bold letters are about a twelfth wider. */
const boldFactor = 1.08;
/** Any other character is taken for a wide one, so that text is never cut. */
const otherAdvance = 1000;

/** Pixels the text takes in the figure's font. @param fontSize pixels */
export function measureText(text: string, fontSize: number, bold = false): number {
  let sum = 0;
  for (const character of text) {
    sum += advances[(character.codePointAt(0) ?? 0) - 32] ?? otherAdvance;
  }
  return (sum / 1000) * fontSize * (bold ? boldFactor : 1);
}
