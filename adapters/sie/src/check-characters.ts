import type { Findings } from './findings.ts';
import type { RawRow } from './rows.ts';

/** Whether the bytes are of code page 437: files in UTF-8 and Latin-1 that call themselves PC8 are common. */
export class CharacterCheck {
  readonly #findings: Findings;
  #isToldOf = false;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Checks a row, and gives its bytes without the mark that UTF-8 files may begin with. */
  row({ number, bytes }: RawRow, where: string): Uint8Array {
    const hasMark = number === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (hasMark) this.#tell(where, 'UTF-8');
    else if (bytes.some((byte) => byte >= 0x80)) {
      const encoding = otherEncodingOf(bytes);
      if (encoding !== undefined) this.#tell(where, encoding);
    }
    if (bytes.some((byte) => (byte < 0x20 && byte !== tab) || byte === 0x7f)) {
      const action = 'write a blank in its place';
      this.#findings.find('sie-control-character', 'warning', where, 'the row has a control character', action);
    }
    return hasMark ? bytes.subarray(3) : bytes;
  }

  #tell(where: string, encoding: string): void {
    if (this.#isToldOf) return;
    this.#isToldOf = true;
    const message = `the texts seem to be ${encoding}; SIE 4 is in code page 437`;
    this.#findings.find('sie-encoding', 'warning', where, message, 'save it again in code page 437 (PC8)');
  }
}

const tab = 0x09;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** å, ä and ö have places of their own in each: what is UTF-8 by chance is hardly Swedish in code page 437. */
function otherEncodingOf(bytes: Uint8Array): string | undefined {
  try {
    utf8.decode(bytes);
    return 'UTF-8';
  } catch {
    const has = (places: readonly number[]): boolean => bytes.some((byte) => places.includes(byte));
    return has(latin1Letters) && !has(cp437Letters) ? 'Latin-1' : undefined;
  }
}

/** å ä ö Å Ä Ö é. */
const latin1Letters: readonly number[] = [0xe5, 0xe4, 0xf6, 0xc5, 0xc4, 0xd6, 0xe9];
const cp437Letters: readonly number[] = [0x86, 0x84, 0x94, 0x8f, 0x8e, 0x99, 0x82];
