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
  let rest: Uint8Array = new Uint8Array();
  let number = 0;
  for await (const piece of content) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, from)) {
      number += 1;
      yield { number, bytes: withoutReturn(bytes.subarray(from, end)) };
      from = end + 1;
    }
    rest = bytes.slice(from);
    if (rest.length > longestRow) return yield undefined;
  }
  if (rest.length > 0) yield { number: number + 1, bytes: withoutReturn(rest) };
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
  const field = /\s*(?:"((?:\\"|[^"])*)"|\{((?:"(?:\\"|[^"])*"|[^"{}])*)\}|([^\s"{}]+))/y;
  const fields: Field[] = [];
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) return null;
    const [, quoted, list, bare = ''] = match;
    if (list !== undefined) {
      const inner = fieldsOf(list.trim());
      if (inner === null) return null;
      fields.push(inner.filter((one) => typeof one === 'string'));
    } else fields.push(quoted?.replaceAll('\\"', '"') ?? bare);
  }
  return fields;
}
