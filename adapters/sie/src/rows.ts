import { decodeCp437 } from './cp437.ts';

/** A row of a file, before it is taken apart. */
export interface RawRow {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Longer than any row that somebody meant. */
const longestRow = 1_000_000;

/** The rows of a file, without their ends. Memory holds one row; undefined where a row does not come to an end. */
export async function* rawRows(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<RawRow | undefined> {
  let begun: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  for await (const piece of content) {
    let from = 0;
    for (let end = piece.indexOf(lineFeed); end !== -1; end = piece.indexOf(lineFeed, from)) {
      const last = piece.subarray(from, end);
      number += 1;
      yield { number, bytes: withoutReturn(begun.length === 0 ? last : Buffer.concat([...begun, last])) };
      begun = [];
      length = 0;
      from = end + 1;
    }
    if (from === piece.length) continue;
    // A piece may be filled anew by its giver.
    begun.push(piece.slice(from));
    length += piece.length - from;
    if (length > longestRow) return yield undefined;
  }
  if (length > 0) yield { number: number + 1, bytes: withoutReturn(Buffer.concat(begun)) };
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function withoutReturn(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}

/** A field of a row; a list of objects is one field. */
export type Field = string | readonly string[];

/** A row taken apart: a brace, or a label and its fields. */
export interface Row {
  readonly label: string;
  readonly fields: readonly Field[];
}

/** Takes a row apart; undefined for an empty one, null for one that does not fit the grammar (specification 4B, section 5). */
export function rowOf(bytes: Uint8Array): Row | undefined | null {
  const text = decodeCp437(bytes).trim();
  if (text === '') return undefined;
  if (text === '{' || text === '}') return { label: text, fields: [] };
  const fields = fieldsOf(text);
  if (fields === null) return null;
  const [label, ...others] = fields;
  return typeof label === 'string' && /^#\w+$/.test(label) ? { label: label.toUpperCase(), fields: others } : null;
}

/** Bare, in quotation marks (`\"` is one of the text), or a list in braces; null where a mark or brace has no end. */
function fieldsOf(text: string): Field[] | null {
  const fields: Field[] = [];
  let list: string[] | undefined;
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (isBlank(character)) at += 1;
    else if (character === '{' && list === undefined) {
      list = [];
      fields.push(list);
      at += 1;
    } else if (character === '}' && list !== undefined) {
      list = undefined;
      at += 1;
    } else if (character === '{' || character === '}') return null;
    else {
      const end = character === '"' ? endOfQuoted(text, at) : endOfBare(text, at);
      if (end === -1) return null;
      const value = character === '"' ? text.slice(at + 1, end - 1).replaceAll('\\"', '"') : text.slice(at, end);
      (list ?? fields).push(value);
      at = end;
    }
  }
  return list === undefined ? fields : null;
}

/** The place after the mark that ends a quoted text; where none is left, a text that ends in a backslash. */
function endOfQuoted(text: string, start: number): number {
  let escaped = -1;
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    if (text.charAt(at - 1) !== '\\') return at + 1;
    escaped = at;
  }
  return escaped === -1 ? -1 : escaped + 1;
}

function endOfBare(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isBlank(text.charAt(end)) && !'"{}'.includes(text.charAt(end))) end += 1;
  return end;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t' || /\s/.test(character);
}
