import type { Findings } from './findings.ts';
import type { Row } from '../rows.ts';

const identification = [
  ['#FLAGGA'],
  ['#PROGRAM', '#FORMAT', '#GEN', '#SIETYP', '#PROSA', '#FTYP', '#FNR', '#ORGNR', '#BKOD', '#ADRESS', '#FNAMN'],
  ['#RAR', '#TAXAR', '#OMFATTN', '#KPTYP', '#VALUTA'],
].flat();
const chart = ['#KONTO', '#KTYP', '#ENHET', '#SRU', '#DIM', '#UNDERDIM', '#OBJEKT'];
const balances = ['#IB', '#UB', '#OIB', '#OUB', '#RES', '#PSALDO', '#PBUDGET'];

/** The groups of labels in their order; what is in none, such as a label nobody knows, may stand anywhere. */
const rankOf: ReadonlyMap<string, number> = new Map([
  ...identification.map((label) => [label, 0] as const),
  ...chart.map((label) => [label, 1] as const),
  ...[...balances, '#VER'].map((label) => [label, 2] as const),
]);
const rankNames = ['identification', 'the chart of accounts', 'balances and vouchers'];

const compulsory = ['#FLAGGA', '#PROGRAM', '#FORMAT', '#GEN', '#SIETYP', '#FNAMN'];
const compulsoryInExport = ['#RAR', '#KONTO'];
const notInImport = new Set([...balances, '#BKOD', '#OMFATTN']);

/** Labels: those that have to be there, in their order (specification 4B, sections 5 and 11). */
export class LabelCheck {
  /** It is no SIE 4 file: there is nothing more to check. */
  isForeign = false;
  /** Nothing was read yet. */
  isFirst = true;
  readonly #findings: Findings;
  readonly #isImport: boolean;
  readonly #isExport: boolean;
  readonly #seen: Set<string> = new Set();
  #rank = 0;
  #isSumOpen = false;

  constructor(findings: Findings, name: string) {
    this.#findings = findings;
    this.#isImport = /\.si$/i.test(name);
    this.#isExport = /\.se$/i.test(name);
  }

  row({ label, fields }: Row, where: string): void {
    if (label === '#KSUMMA') {
      this.#isSumOpen = fields.length === 0;
      if (fields.length > 0) {
        const message = 'the control sum is not judged';
        const action = 'where it matters, let a program that the file is for judge it';
        this.#findings.add('sie-control-sum', 'info', where, message, action);
      }
      return;
    }
    if (this.isFirst && !rankOf.has(label)) this.#beginsOtherwise(label, where);
    const isFirst = this.isFirst;
    this.isFirst = false;
    if (!rankOf.has(label)) return;
    const isNew = !this.#seen.has(label);
    this.#seen.add(label);
    this.#inOrder(label, where, isFirst);
    if (isNew && this.#isImport && notInImport.has(label)) {
      const action = 'leave it out: balances are for files that are exported (.se)';
      this.#findings.add('sie-label-not-allowed', 'warning', where, `a 4I file has no ${label}`, action);
    }
    const value = fields[0];
    if (isNew && compulsory.includes(label) && (value === undefined || value === '')) {
      const action = 'write it, or get the file from a system that does';
      this.#findings.add('sie-label-missing', 'error', where, `${label} is empty`, action);
      return;
    }
    if (label === '#FLAGGA' && value === '1') {
      const message = '#FLAGGA 1: a program has read this file already';
      const action = 'see whether its vouchers are in the books before it is read again';
      this.#findings.add('sie-already-read', 'warning', where, message, action);
    }
    if (label === '#FORMAT' && value !== 'PC8') {
      const message = `#FORMAT is ${String(value)}; SIE 4 is in code page 437, PC8`;
      this.#findings.add('sie-encoding', 'warning', where, message, 'save it again in code page 437 (PC8)');
    }
    if (label === '#SIETYP' && !/^4[ie]?$/i.test(String(value))) this.#isOfAnotherType(String(value), where);
  }

  end(): void {
    const needed = [...compulsory, ...(this.#isExport ? compulsoryInExport : [])];
    for (const label of needed.filter((one) => !this.#seen.has(one))) {
      const action = 'write it, or get the file from a system that does';
      this.#findings.add('sie-label-missing', 'error', 'the file', `${label} is missing`, action);
    }
    if (this.#isSumOpen) {
      const message = 'a control sum is begun and not given: the end of the file is missing';
      this.#findings.add('sie-cut-off', 'error', 'the end of the file', message, 'get the file again');
    }
  }

  #beginsOtherwise(label: string, where: string): void {
    this.isForeign = true;
    const message = `it begins with ${label.slice(0, 20)}, not with #FLAGGA`;
    this.#findings.add('sie-unreadable', 'error', where, message, 'see whether it is a SIE 4 file');
  }

  #isOfAnotherType(type: string, where: string): void {
    const message = `it is of type ${type.slice(0, 10)}; vouchers are in files of type 4`;
    this.#findings.add('sie-type', 'error', where, message, 'export it again as SIE 4');
  }

  #inOrder(label: string, where: string, isFirst: boolean): void {
    const rank = rankOf.get(label) ?? 0;
    const isLate = rank < this.#rank || (label === '#FLAGGA' && !isFirst);
    this.#rank = Math.max(rank, this.#rank);
    if (!isLate) return;
    const place = label === '#FLAGGA' ? 'first' : `before ${rankNames[rank + 1] ?? ''}`;
    const action = 'put it in its place: some programs stop here';
    this.#findings.add('sie-label-order', 'warning', where, `${label} is not ${place}`, action);
  }
}
