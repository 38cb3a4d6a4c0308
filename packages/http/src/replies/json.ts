import { BilagError, type ErrorKind } from '@bilag/core';

/** How {@link parseJson} reads. */
export interface JsonOptions {
  /** The place in words, for the error: a request, a file name. */
  readonly where: string;
  /**
   * `text` gives every number as its own source text, so that decimals never become floats. Default `number`; what a
   * number cannot hold to its last digit is text then too, which no schema takes for a number.
   *
   * `whole` is for long lists in which whole numbers alone count, and is the quickest: what `Number.isSafeInteger` takes was
   * written so, other numbers may have lost digits. How deeply things are nested is not looked at: do not walk through them.
   */
  readonly numbers?: 'number' | 'text' | 'whole';
  /** The kind of the error. Default `rejected`; a reply read from the network may pass: `unavailable`. */
  readonly kind?: ErrorKind;
}

/** How much JSON may hold: beyond, it is refused before it is read. */
const jsonBounds = {
  /** Half of what one string of the engine can hold. */
  bytes: 268_435_456,
  /** Lists and objects within one another. */
  depth: 100,
} as const;

/**
 * Parses JSON. The error says where it broke, by line and column, and quotes nothing of the content: it may be personal.
 *
 * @example
 * ```ts
 * import { parseJson } from '@bilag/http';
 *
 * parseJson('[7.89, 0.00]', { where: 'page 1', numbers: 'text' }); // => ['7.89', '0.00']
 * ```
 */
export function parseJson(text: string, options: JsonOptions): unknown {
  if (text.length > jsonBounds.bytes) throw tooLong(options);
  const isQuick = options.numbers === 'whole' && !mayLookWhole(text);
  if (!isQuick && isTooDeep(text)) {
    throw new BilagError(options.kind ?? 'rejected', {
      what: `the JSON has more than ${jsonBounds.depth} lists and objects within one another`,
      where: options.where,
      action: 'see who made it: no reply of an API is like that; nothing of it was used',
    });
  }
  try {
    if (options.numbers === 'text') return JSON.parse(withNumbersQuoted(text));
    return !isQuick && perhapsInexact.test(text) ? JSON.parse(text, inexactAsText) : JSON.parse(text);
  } catch {
    throw new BilagError(options.kind ?? 'rejected', {
      what: `malformed JSON at ${placeOf(faultIn(text), text)}`,
      where: options.where,
      action: /^\s*</.test(text)
        ? 'this looks like an HTML page, not like a reply of the API: check the address and any proxy in between'
        : 'get the whole text again; nothing of it was used',
    });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses JSON of bytes, which must be UTF-8. */
export function parseJsonBytes(bytes: Uint8Array, options: JsonOptions): unknown {
  if (bytes.length > jsonBounds.bytes) throw tooLong(options);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new BilagError(options.kind ?? 'rejected', {
      what: 'the text is not UTF-8',
      where: options.where,
      action: 'get the whole text again, or convert it to UTF-8',
    });
  }
  return parseJson(text, options);
}

function tooLong({ kind = 'rejected', where }: JsonOptions): BilagError {
  return new BilagError(kind, {
    what: `the JSON is longer than ${jsonBounds.bytes / 1_048_576} MiB`,
    where,
    action: 'split it into several; nothing of it was used',
  });
}

/** Recursion over what is nested too deeply would end the process, here or where it is used. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfText(text, index);
    else if (code === openBracket || code === openBrace) {
      if (++depth > jsonBounds.depth) return true;
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return false;
}

/** Where a text ends that begins with the quote at a place. */
function endOfText(text: string, start: number): number {
  let index = start + 1;
  for (; index < text.length && text.charCodeAt(index) !== quote; index++)
    if (text.charCodeAt(index) === backslash) index++;
  return index;
}

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The same with every number in quotes: a reviver would be called for everything there is, and takes ten times as long. What is
 * malformed stays so: what JSON takes for no number is left as it is, and so is a number where a name should be.
 */
function withNumbersQuoted(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfText(text, index);
    else if (code === minus || isDigit(code)) {
      numberHere.lastIndex = index;
      if (!numberHere.test(text)) continue;
      const end = numberHere.lastIndex;
      parts.push(text.slice(from, index), text.slice(index, end));
      from = end;
      index = end - 1;
    }
  }
  parts.push(text.slice(from));
  return parts.join('"');
}

const minus = 0x2d;
const numberHere = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\s*:)/y;

/**
 * Whether a number may lose digits: one with a fraction or an exponent, or of sixteen digits and more. It may stand in a text,
 * but not within a time there: before the colon of a name is its quote.
 */
const perhapsInexact = /(?:^|"\s*:|[[,])\s*-?\d+(?:[.eE]|\d{15})/;

/**
 * Whether a number may become a whole one only by losing digits: one with a fraction, or with a negative exponent. (A whole
 * number with more digits than fit becomes one that is not safe.) Few texts have what is looked for outside of times.
 */
function mayLookWhole(text: string): boolean {
  for (let at = text.indexOf('.'); at !== -1; at = text.indexOf('.', at + 1)) if (endsInNumber(text, at)) return true;
  for (let at = text.indexOf('-'); at !== -1; at = text.indexOf('-', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if ((before === smallE || before === largeE) && endsInNumber(text, at - 1)) return true;
  }
  return false;
}

const [smallE, largeE] = [0x65, 0x45];

/** Whether what stands before a place may be the beginning of a number, and not a part of a text. */
function endsInNumber(text: string, end: number): boolean {
  let at = end - 1;
  while (isDigit(text.charCodeAt(at))) at--;
  if (at === end - 1) return false;
  if (text[at] === '-') at--;
  while (at >= 0 && isBlank(text.charCodeAt(at))) at--;
  if (text[at] !== ':') return at < 0 || text[at] === '[' || text[at] === ',';
  for (at--; at >= 0 && isBlank(text.charCodeAt(at));) at--;
  return text[at] === '"';
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function inexactAsText(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return decimalOf(String(value)) === decimalOf(source) ? value : source;
}

/** One form for each number: its digits without zeros around them, and where the point stands. */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = whole + fraction;
  let start = 0;
  let end = digits.length;
  while (digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return '0';
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}

function placeOf(index: number, text: string): string {
  if (index >= text.length) return `its end, after ${text.length} characters: it was cut off`;
  let line = 1;
  let start = 0;
  for (let next = text.indexOf('\n'); next !== -1 && next < index; next = text.indexOf('\n', start)) {
    line++;
    start = next + 1;
  }
  return `line ${line}, column ${index - start + 1}`;
}

/**
 * The index of the first token that cannot stand where it stands. The engine's own message is no use: it often has no
 * position, and it quotes the content.
 */
function faultIn(text: string): number {
  const open: string[] = [];
  let expected: 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing' = 'value';
  const afterValue = (): typeof expected => (open.length === 0 ? 'nothing' : 'comma-or-end');
  let end = 0;
  for (;;) {
    let start = end;
    while (isBlank(text.charCodeAt(start))) start++;
    const next = tokenEnd(text, start);
    if (next === undefined) return start;
    if (next > text.length) return expected === 'nothing' ? start : text.length;
    end = next;
    const found = text[start];
    const inObject = open.at(-1) === '{';
    if (found === '{' || found === '[') {
      if (expected !== 'value' && expected !== 'value-or-end') return start;
      open.push(found);
      expected = found === '{' ? 'name-or-end' : 'value-or-end';
    } else if (found === '}' || found === ']') {
      const wanted = found === '}' ? 'name-or-end' : 'value-or-end';
      const mayEnd = expected === wanted || (expected === 'comma-or-end' && inObject === (found === '}'));
      if (!mayEnd) return start;
      open.pop();
      expected = afterValue();
    } else if (found === ':') {
      if (expected !== 'colon') return start;
      expected = 'value';
    } else if (found === ',') {
      if (expected !== 'comma-or-end') return start;
      expected = inObject ? 'name' : 'value';
    } else if (expected === 'name' || expected === 'name-or-end') {
      if (found !== '"') return start;
      expected = 'colon';
    } else if (expected === 'value' || expected === 'value-or-end') {
      expected = afterValue();
    } else {
      return start;
    }
  }
}

/**
 * Where a token ends; beyond the text when it is right as far as it goes, and undefined when it is none. Strings are
 * walked by hand: a pattern that repeats over 30 MB of them has no end of its stack.
 */
function tokenEnd(text: string, start: number): number | undefined {
  const first = text[start];
  if (first === undefined) return text.length + 1;
  if ('{}[],:'.includes(first)) return start + 1;
  if (first === '"') return stringEnd(text, start);
  word.lastIndex = start;
  const [found = ''] = word.exec(text) ?? [];
  const end = start + found.length;
  if (token.test(found)) return end;
  return end === text.length && cutToken.test(found) ? text.length + 1 : undefined;
}

function stringEnd(text: string, start: number): number | undefined {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === quote) return index + 1;
    if (code < 0x20) return undefined;
    if (code !== backslash) continue;
    const escape = text.slice(index + 1, index + 6);
    if (escape === '' || (index + 6 > text.length && /^u[0-9a-fA-F]*$/.test(escape))) break;
    if (/^u[0-9a-fA-F]{4}/.test(escape)) index += 5;
    else if (/^["\\/bfnrt]/.test(escape)) index += 1;
    else return undefined;
  }
  return text.length + 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

const word = /[\w.+-]*/y;
const token = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** A word that is right as far as it goes: the text ended inside it. */
const cutToken = /^(?:t(?:ru?)?|f(?:al?s?)?|n(?:ul?)?|-?\d*\.?)$/;
