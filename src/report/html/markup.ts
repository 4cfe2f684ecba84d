import { withoutDirectionControls, xmlText } from '../../text/text.js';

/** Text that is HTML already; everything else is escaped where it is put into HTML. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = Markup | string | number | null | undefined | readonly Content[];

/** A template whose strings are HTML and whose values are escaped, unless they are {@link Markup}. */
export function markup(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + toHtml(values[index - 1]) + part));
}

function toHtml(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (content === null || content === undefined) return '';
  if (typeof content === 'object') return content.map(toHtml).join('');
  return escapeHtml(String(content));
}

/**
 * Safe as text and within quoted attributes. Drops characters that HTML forbids and those that change the
 * direction of text.
 */
export function escapeHtml(text: string): string {
  return xmlText(withoutDirectionControls(text))
    .replaceAll(/[\u007f-\u009f]/g, '')
    .replaceAll(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
