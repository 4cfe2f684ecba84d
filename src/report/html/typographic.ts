/** The true minus sign before numbers, which plain texts spell with a hyphen. */
export function typographic(text: string): string {
  return text.replaceAll(/(^|[\s(])-(?=\d)/g, '$1−');
}
