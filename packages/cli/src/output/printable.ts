/**
 * Text as it may go to a terminal: what would steer it (control characters but line feed and tab) or turn the order of what
 * is read (bidirectional marks) is shown as in JSON, `\u001b`. So is half a character, and what breaks lines but is none.
 */
export function printable(text: string): string {
  return text.replaceAll(steering, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

/** The same for what is one line, or a cell of a table. */
export function printableLine(text: string): string {
  return text.replaceAll(steering, escaped);
}

const steering = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
