import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Terminal cells the text takes: 2 for wide characters, 0 for combining and control ones. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** One line without control characters, which could move the cursor or colour the screen. */
export function cleanText(text: string): string {
  const printable = withoutDirectionControls(stripVTControlCharacters(text));
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return printable.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** {@link cleanText}, line by line. */
export function cleanLines(text: string): string {
  return text.split('\n').map(cleanText).join('\n');
}

/**
 * The text without Unicode's explicit embeddings, overrides and isolates (UAX #9): an unclosed one in a
 * name reverses all text after it. Right-to-left letters need none.
 */
export function withoutDirectionControls(text: string): string {
  return text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');
}

/**
 * The text without characters that XML forbids (XML 1.0, production 2): control characters, lone
 * surrogates, U+FFFE and U+FFFF.
 */
export function xmlText(text: string): string {
  return text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}

/** The text with its first letter a capital. */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The text cut to at most `width` cells, with an ellipsis where something is missing. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let kept = '';
  let room = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    room -= textWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}
