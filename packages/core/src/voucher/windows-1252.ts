/** The places 0x80 to 0x9F of Windows-1252; the rest is as in Latin-1. Five places are empty. */
const upperPlaces = '€\u0000‚ƒ„…†‡ˆ‰Š‹Œ\u0000Ž\u0000\u0000‘’“”•–—˜™š›œ\u0000žŸ';

const placeOf: ReadonlyMap<string, number> = new Map(
  [...upperPlaces].flatMap((character, index) => (character === '\u0000' ? [] : [[character, 0x80 + index] as const])),
);

/**
 * Whether every character is in Windows-1252, the character set of older Nordic programs. Control characters are not:
 * nothing writes them.
 *
 * @example
 * ```ts
 * import { isWindows1252 } from '@bilag/core';
 *
 * isWindows1252('Blåbær – 5 €'); // => true
 * isWindows1252('кофе'); // => false
 * ```
 */
export function isWindows1252(text: string): boolean {
  if (!/[^ -~]/.test(text)) return true;
  for (const character of text) if (byteOf(character) === undefined) return false;
  return true;
}

/**
 * Text in the characters of Windows-1252: where one is lacking, its letters without marks (`ő` becomes `o`), and `?` where
 * there are none.
 *
 * @example
 * ```ts
 * import { toWindows1252Text } from '@bilag/core';
 *
 * toWindows1252Text('Ødegård Kávé Ő'); // => 'Ødegård Kávé O'
 * ```
 */
export function toWindows1252Text(text: string): string {
  if (isWindows1252(text)) return text;
  return [...text.normalize('NFC')].map(nearest).join('');
}

function nearest(character: string): string {
  if (byteOf(character) !== undefined) return character;
  const letters = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return letters !== '' && isWindows1252(letters) ? letters : '?';
}

/**
 * The bytes of text that {@link isWindows1252}, and of the line breaks and tabs between cells.
 *
 * @example
 * ```ts
 * import { encodeWindows1252 } from '@bilag/core';
 *
 * encodeWindows1252('ø€'); // => new Uint8Array([0xf8, 0x80])
 * ```
 */
export function encodeWindows1252(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    bytes[index] = code < 0x80 ? code : (byteOf(text.charAt(index)) ?? questionMark);
  }
  return bytes;
}

const questionMark = 0x3f;

function byteOf(character: string): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return code;
  return placeOf.get(character);
}
