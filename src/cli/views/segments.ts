import { fitText, textWidth } from '../../text/text.js';

/** A piece of a line and how it is coloured; its text holds no colours itself. */
export interface Segment {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** The segments as one line of at most `columns` cells; what does not fit is cut off. */
export function paintLine(segments: readonly Segment[], columns: number): string {
  let room = columns;
  let line = '';
  for (const { text, paint } of segments) {
    const shown = fitText(text, room);
    line += paint ? paint(shown) : shown;
    room -= textWidth(shown);
    if (shown !== text) break;
  }
  return line;
}
