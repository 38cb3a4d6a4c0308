import { BilagError, type ErrorKind } from '@bilag/core';

/** How {@link parseJson} reads. */
export interface JsonOptions {
  /** The place in words, for the error: a request, a file name. */
  readonly where: string;
  /** `text` gives every number as its own source text, so that decimals never become floats. Default `number`. */
  readonly numbers?: 'number' | 'text';
  /** The kind of the error. Default `rejected`; a reply read from the network may pass: `unavailable`. */
  readonly kind?: ErrorKind;
}

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
  try {
    return options.numbers === 'text' ? JSON.parse(text, numbersAsText) : JSON.parse(text);
  } catch {
    throw new BilagError(options.kind ?? 'rejected', {
      what: `malformed JSON at ${placeOf(faultIn(text), text)}`,
      where: options.where,
      now: text.trimStart().startsWith('<')
        ? 'this looks like an HTML page, not like a reply of the API: check the address and any proxy in between'
        : 'get the whole text again; nothing of it was used',
    });
  }
}

/** Parses JSON of bytes, which must be UTF-8. */
export function parseJsonBytes(bytes: Uint8Array, options: JsonOptions): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BilagError(options.kind ?? 'rejected', {
      what: 'the text is not UTF-8',
      where: options.where,
      now: 'get the whole text again, or convert it to UTF-8',
    });
  }
  return parseJson(text, options);
}

/** ECMAScript gives the source text of primitives to revivers ("JSON.parse source text access"; V8 since 11.4). */
function numbersAsText(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}

function placeOf(index: number, text: string): string {
  if (index >= text.length) return `its end, after ${text.length} characters: it was cut off`;
  const before = text.slice(0, index);
  const line = before.split('\n').length;
  return `line ${line}, column ${index - before.lastIndexOf('\n')}`;
}

/**
 * The index of the first token that cannot stand where it stands. The engine's own message is no use: it often has no
 * position, and it quotes the content.
 */
function faultIn(text: string): number {
  const open: string[] = [];
  let expected: 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing' = 'value';
  const afterValue = (): typeof expected => (open.length === 0 ? 'nothing' : 'comma-or-end');
  token.lastIndex = 0;
  for (;;) {
    blank.lastIndex = token.lastIndex;
    blank.exec(text);
    const start = blank.lastIndex;
    token.lastIndex = start;
    const found = token.exec(text)?.[0];
    if (found === undefined) return expected !== 'nothing' && cutToken.test(text.slice(start)) ? text.length : start;
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
      if (!found.startsWith('"')) return start;
      expected = 'colon';
    } else if (expected === 'value' || expected === 'value-or-end') {
      expected = afterValue();
    } else {
      return start;
    }
  }
}

const blank = /[ \t\r\n]*/y;

/* oxlint-disable no-control-regex -- JSON forbids exactly these characters in strings (RFC 8259 §7) */
const token =
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|true\b|false\b|null\b/y;

/** A token that is right as far as it goes: the text ended inside it. */
const cutToken =
  /^(?:"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{0,4})?)*|t(?:ru?)?|f(?:al?s?)?|n(?:ul?)?|-?\d*\.?|)$/;
