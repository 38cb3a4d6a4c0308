/**
 * A text as one line of whole characters, cut to the longest that a target takes, in UTF-16 units.
 *
 * @example
 * ```ts
 * import { plainLine } from '@bilag/http';
 *
 * plainLine('Salg\n25 % 🎉', 9); // => 'Salg 25 %'
 * ```
 */
export function plainLine(text: string, longest: number): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  let cut = '';
  for (const character of plain) {
    if (cut.length + character.length > longest) break;
    cut += character;
  }
  return cut;
}
