// XML 1.0 §2.2 forbids most C0 controls, lone surrogates, U+FFFE and U+FFFF, also as character references.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;
const lineBreaks = /\r\n|[\t\r\n]/g;
// oxlint-disable-next-line no-control-regex
const unusual = /[\u0000-\u001F&<>\uD800-\uDFFF\uFFFE\uFFFF]/u;

/**
 * Text as it may stand in the file: characters that XML 1.0 forbids become U+FFFD, line breaks and tabs a blank (the
 * elements are single lines, and a parser would rewrite a carriage return).
 */
export function cleanText(text: string): string {
  return unusual.test(text) ? text.replace(lineBreaks, ' ').replace(forbidden, '\uFFFD') : text;
}

/** Clean text with the three characters escaped that matter inside an element. */
export function escapeText(text: string): string {
  if (!unusual.test(text)) return text;
  return cleanText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The length XML Schema counts: Unicode code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let index = 0; index + 1 < text.length; index += 1) {
    if (isPair(text, index)) {
      length -= 1;
      index += 1;
    }
  }
  return length;
}

/** Whether text is longer than a number of code points, without counting when it cannot be. */
export function isLonger(text: string, max: number): boolean {
  return text.length > max && lengthOf(text) > max;
}

/** Text of at most `max` code points; what is cut ends in `…` and never in half a character. */
export function cutText(text: string, max: number): string {
  if (!isLonger(text, max)) return text;
  let end = 0;
  for (let kept = 0; kept < max - 1; kept += 1) end += isPair(text, end) ? 2 : 1;
  return `${text.slice(0, end)}…`;
}

function isPair(text: string, index: number): boolean {
  const first = text.charCodeAt(index);
  if (first < 0xd800 || first > 0xdbff) return false;
  const second = text.charCodeAt(index + 1);
  return second >= 0xdc00 && second <= 0xdfff;
}
