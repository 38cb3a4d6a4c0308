import type { Findings } from './findings.ts';
import type { RawRow } from '../rows.ts';

/**
 * Whether the bytes are of code page 437: files in UTF-8 and Latin-1 that call themselves PC8 are common. The whole file
 * decides: one stray byte among hundreds of letters says nothing of the others.
 */
export class CharacterCheck {
  readonly #findings: Findings;
  readonly #counts: Record<Encoding, number> = { 'UTF-8': 0, 'Latin-1': 0, 'code page 437': 0 };
  /** Where the first row of each encoding is. */
  readonly #firsts: Map<Encoding, string> = new Map();
  #hasMark = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Checks a row, and gives its bytes without the mark that UTF-8 files may begin with. */
  row({ number, bytes }: RawRow, where: string): Uint8Array {
    let isAscii = true;
    let hasControl = false;
    for (const byte of bytes) {
      if (byte >= 0x80) isAscii = false;
      else if ((byte < 0x20 && byte !== tab) || byte === 0x7f) hasControl = true;
    }
    if (hasControl) {
      const action = 'write a blank in its place';
      this.#findings.add('sie-control-character', 'warning', where, 'the row has a control character', action);
    }
    if (isAscii) return bytes;
    if (number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      this.#hasMark = true;
      this.#firsts.set('UTF-8', where);
      return bytes.subarray(3);
    }
    this.#count(bytes, where);
    return bytes;
  }

  end(): void {
    const counts = Object.entries(this.#counts) as [Encoding, number][];
    const [most] = counts.toSorted(([, a], [, b]) => b - a);
    const encoding = this.#hasMark ? 'UTF-8' : most?.[0];
    const first = encoding === undefined ? undefined : this.#firsts.get(encoding);
    if (encoding === undefined || encoding === 'code page 437' || first === undefined) return;
    const message = `the texts seem to be ${encoding}; SIE 4 is in code page 437`;
    this.#findings.add('sie-encoding', 'warning', first, message, 'save it again in code page 437 (PC8)');
  }

  /** å, ä and ö have places of their own in each: what is UTF-8 by chance is hardly Swedish in code page 437. */
  #count(bytes: Uint8Array, where: string): void {
    if (isUtf8(bytes)) {
      this.#add('UTF-8', lettersIn(bytes, utf8Starts), where);
      return;
    }
    this.#add('Latin-1', lettersIn(bytes, latin1Letters), where);
    this.#add('code page 437', lettersIn(bytes, cp437Letters), where);
  }

  #add(encoding: Encoding, count: number, where: string): void {
    if (count === 0) return;
    this.#counts[encoding] += count;
    if (!this.#firsts.has(encoding)) this.#firsts.set(encoding, where);
  }
}

type Encoding = 'UTF-8' | 'Latin-1' | 'code page 437';

const tab = 0x09;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function lettersIn(bytes: Uint8Array, letters: ReadonlySet<number>): number {
  let count = 0;
  for (const byte of bytes) if (letters.has(byte)) count += 1;
  return count;
}

/** å ä ö Å Ä Ö é. */
const latin1Letters: ReadonlySet<number> = new Set([0xe5, 0xe4, 0xf6, 0xc5, 0xc4, 0xd6, 0xe9]);
const cp437Letters: ReadonlySet<number> = new Set([0x86, 0x84, 0x94, 0x8f, 0x8e, 0x99, 0x82]);
/** What a character of more than one byte begins with. */
const utf8Starts: ReadonlySet<number> = new Set(Array.from({ length: 0x33 }, (_, index) => 0xc2 + index));
