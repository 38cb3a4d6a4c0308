/**
 * Text on one line: control characters, line breaks and every kind of space become one plain space; half characters
 * become the replacement character. A line break in a text would otherwise begin a transaction of its own.
 */
export function toOneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}
