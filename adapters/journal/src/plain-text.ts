/**
 * Text on one line: control characters, line breaks and every kind of space become one plain space, and so do marks that turn the
 * order of what is read; half characters become the replacement character. A line break in a text would otherwise begin a transaction of its own.
 */
export function toOneLine(text: string): string {
  if (!unusual.test(text)) return text;
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}

/** Anything that {@link toOneLine} changes: few texts have any, and to look is quicker than to replace. */
const unusual = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[^\S ]|\s\s|^\s|\s$/u;

/** Each line within a number of bytes; what is beyond is cut away and an ellipsis tells it. */
export function withinBytes(text: string, mostBytes: number): string {
  if (text.length * 3 <= mostBytes || Buffer.byteLength(text) <= mostBytes) return text;
  return text
    .split('\n')
    .map((line) => cutLine(line, mostBytes))
    .join('\n');
}

function cutLine(line: string, mostBytes: number): string {
  const bytes = Buffer.from(line);
  if (bytes.length <= mostBytes) return line;
  let end = mostBytes - ellipsis.length;
  // Not in the middle of a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + ellipsis.toString();
}

const ellipsis = Buffer.from('…');
