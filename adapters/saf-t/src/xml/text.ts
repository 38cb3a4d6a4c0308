// XML 1.0 §2.2 forbids most C0 controls, lone surrogates, U+FFFE and U+FFFF, also as character references.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;
// XML allows what steers a terminal or turns the order of what is read; nobody who reads the file is served by it.
const lineBreaks = /\r\n|[\t\r\n\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;
// Halves of characters too: those that come in pairs are looked at once more, and stay.
const unclean =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\uD800-\uDFFF\uFFFE\uFFFF]/;
const markup = /[&<>]/;
const eachMarkup = /[&<>]/g;

/**
 * Text as it may stand in the file: characters that XML 1.0 forbids become U+FFFD, line breaks, tabs, and marks that
 * steer what is shown a blank (the elements are single lines, and a parser would rewrite a carriage return).
 */
export function cleanText(text: string): string {
  return unclean.test(text) ? text.replace(lineBreaks, ' ').replace(forbidden, '\uFFFD') : text;
}

/** Clean text with the three characters escaped that matter inside an element. */
export function escapeText(text: string): string {
  const clean = cleanText(text);
  return markup.test(clean) ? clean.replace(eachMarkup, escaped) : clean;
}

function escaped(character: string): string {
  return character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;';
}

/**
 * Text of at most `max` UTF-16 units; what is cut ends in `…` and never in half a character. XML Schema counts code points,
 * and the validators of .NET and the JDK count units: what fits in units fits for all.
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const isHalved = /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(max - 2, max));
  return `${text.slice(0, isHalved ? max - 2 : max - 1)}…`;
}

/** A field on a line of its own. */
export function element(indent: number, name: string, value: string): string {
  return `${' '.repeat(indent)}<${name}>${escapeText(value)}</${name}>\n`;
}
