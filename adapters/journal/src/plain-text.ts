/**
 * Text on one line: control characters, line breaks and every kind of space become one plain space, and so do marks that turn the
 * order of what is read; half characters become the replacement character. A line break in a text would otherwise begin a transaction of its own.
 */
export function toOneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}

/** Each line within a number of bytes; what is beyond is cut away and an ellipsis tells it. */
export function withinBytes(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
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
