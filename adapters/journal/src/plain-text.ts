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
