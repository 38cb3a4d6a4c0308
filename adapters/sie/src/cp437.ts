/** The places 0x80 to 0xFF of IBM's code page 437, which SIE calls PC8; below it is ASCII. */
const upperPlaces =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const placeOf: ReadonlyMap<string, number> = new Map(
  [...upperPlaces].map((character, index) => [character, 0x80 + index]),
);

/** What stands for a character the code page lacks. Danish and Norwegian ø is ö to a Swede. */
const substitutes: ReadonlyMap<string, string> = new Map([
  ['ø', 'ö'],
  ['Ø', 'Ö'],
  ['\u00a0', ' '],
  ['‘', "'"],
  ['’', "'"],
  ['“', '"'],
  ['”', '"'],
  ['–', '-'],
  ['—', '-'],
  ['…', '...'],
  ['€', 'EUR'],
]);

/** Whether every character is in the code page. Control characters are not: SIE forbids them in texts. */
export function isCp437(text: string): boolean {
  for (const character of text) if (byteOf(character) === undefined) return false;
  return true;
}

/**
 * Text in the characters of the code page: what it lacks becomes its substitute (`ø` becomes `ö`), its letters without
 * marks (`ő` becomes `o`), or `?`.
 */
export function toCp437Text(text: string): string {
  if (!changes.test(text)) return text;
  return [...text.toWellFormed().normalize('NFC')].map(nearest).join('');
}

/** Of the code page itself only the blank that does not break is changed. */
const changes = new RegExp(`[^ -~${upperPlaces.replace('\u00a0', '')}]`);

function nearest(character: string): string {
  const substitute = substitutes.get(character);
  if (substitute !== undefined) return substitute;
  if (byteOf(character) !== undefined) return character;
  const letters = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return letters !== '' && isCp437(letters) ? letters : '?';
}

/** The bytes of text that is in the code page; its line breaks too. */
export function encodeCp437(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    bytes[index] = code < 0x80 ? code : (placeOf.get(text.charAt(index)) ?? questionMark);
  }
  return bytes;
}

const questionMark = 0x3f;

/** What bytes say in the code page. */
export function decodeCp437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : upperPlaces.charAt(byte - 0x80);
  return text;
}

function byteOf(character: string): number | undefined {
  return character >= ' ' && character <= '~' ? character.charCodeAt(0) : placeOf.get(character);
}
