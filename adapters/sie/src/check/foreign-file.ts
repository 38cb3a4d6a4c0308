import type { Findings } from './findings.ts';

/** What tells a file from others stands within so many characters of its start. */
const enough = 4000;

/** A file that does not begin as SIE 4 does: what it is instead, by its first rows. */
export class ForeignFile {
  readonly #where: string;
  #start = '';

  constructor(where: string) {
    this.#where = where;
  }

  add(row: Uint8Array): void {
    this.#start += `${Buffer.from(row.subarray(0, enough)).toString('latin1')}\n`;
  }

  /** Whether further rows would tell nothing more. */
  get isKnown(): boolean {
    return this.#start.length > enough || !this.#isXml || /<(?:\w+:)?Sie(?:Entry)?[\s>]/.test(this.#start);
  }

  tell(findings: Findings): void {
    const [what, action] = this.#kind();
    findings.add('sie-unreadable', 'error', this.#where, what, action);
  }

  get #isXml(): boolean {
    return /^[^<]{0,3}</.test(this.#start.trimStart());
  }

  #kind(): readonly [what: string, action: string] {
    const unpack = 'unpack it, and check what is in it';
    if (this.#start.startsWith('PK\u0003\u0004')) return ['this is a zip file', unpack];
    if (this.#start.startsWith('\u001f\u008b')) return ['this is a gzip file', unpack];
    if (!this.#isXml) return ['it does not begin with #FLAGGA', 'see whether it is a SIE 4 file'];
    const isSie5 = /<(?:\w+:)?Sie(?:Entry)?[\s>]/.test(this.#start);
    const what = isSie5 ? 'this is a SIE 5 file' : 'this is an XML file';
    return [`${what}; vouchers are read from SIE 4, which begins with #FLAGGA`, 'export it again as SIE 4'];
  }
}
