import { amount, formatAmount, isPlainDate, type Finding, type InputFile, type Severity } from '@bilag/core';

/**
 * Checks any GBAT10 file, also one of another system: that each row has its columns, and that both columns of amounts come
 * to nothing for each voucher. Streams; only the structure is read, so that the encoding does not matter.
 */
export async function* check(file: InputFile): AsyncGenerator<Finding> {
  const findings = new Findings();
  const voucher = new VoucherSum(findings);
  let number = 0;
  let rest = '';
  for await (const piece of file.content) {
    const rows = `${rest}${Buffer.from(piece).toString('latin1')}`.split('\n');
    rest = rows.pop() ?? '';
    for (const row of rows) {
      number += 1;
      if (row.trim() !== '') checkRow(row.replace(/\r$/, ''), `row ${number}`, findings, voucher);
    }
    if (rest.length > longestRow) break;
    yield* findings.take();
  }
  voucher.end();
  if (rest.trim() !== '') {
    const action = 'get the file again';
    findings.add(
      'gbat10-cut-off',
      'error',
      `row ${number + 1}`,
      'the last row has no end: the file is cut off',
      action,
    );
  } else if (number === 0) {
    findings.add('gbat10-row', 'error', file.name, 'the file has no rows', 'get the file again');
  }
  yield* findings.take();
  yield* findings.rest();
}

const longestRow = 100_000;

function checkRow(row: string, where: string, findings: Findings, voucher: VoucherSum): void {
  const columns = row.split(';');
  const [id = '', number = '', date = '', type = '', period = '', year = '', account = '', vatCode = ''] = columns;
  if (id.replace(/^\u00ef\u00bb\u00bf/, '') !== 'GBAT10' || columns.length < 28) {
    const problem = `it does not begin with GBAT10 and have 28 columns, but ${columns.length}`;
    findings.add('gbat10-row', 'error', where, problem, 'see whether a text holds a semicolon or a line break');
    return;
  }
  const wrong = (what: string, rule: string): void =>
    findings.add('gbat10-column', 'error', where, `the ${what} is not ${rule}`, 'mend it where the file was made');
  if (!/^\d{0,8}$/.test(number)) wrong('voucher number', 'at most eight digits');
  if (!/^\d{8}$/.test(date) || !isPlainDate(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`)) {
    wrong('date', 'a day as YYYYMMDD');
  } else if (year !== date.slice(0, 4) || Number(period) !== Number(date.slice(4, 6))) {
    const action = 'see whether the receiving system takes the period or the date';
    findings.add('gbat10-period', 'warning', where, 'year and period are not those of the date', action);
  }
  if (!/^\d{1,3}$/.test(type)) wrong('voucher type', 'one to three digits');
  if (!/^\d{4,7}$/.test(account)) wrong('account', 'a number of four digits (seven in some countries)');
  if (!/^\d{1,5}$/.test(vatCode)) wrong('VAT code', 'one to five digits');
  if (!/^[TF]?$/.test(columns[26] ?? '')) wrong('gross mark', 'T, F or empty');
  const net = oreOf(columns[8] ?? '');
  const gross = oreOf(columns[27] ?? '');
  if (net === undefined) wrong('net amount', 'a number with two decimals');
  if (gross === undefined) wrong('gross amount', 'a number with two decimals');
  voucher.add(`${number} ${date}`, where, net, gross);
}

/** Minor units; undefined for what is no amount. */
function oreOf(text: string): number | undefined {
  const [, sign, whole, decimals = ''] = /^(-?)(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const value = Number(`${whole}${decimals.padEnd(2, '0')}`);
  return sign === '-' ? -value : value;
}

/** The two sums of the voucher that is being read. */
class VoucherSum {
  readonly #findings: Findings;
  #voucher = '';
  #where = '';
  #net = 0;
  #gross = 0;
  #isWhole = true;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(voucher: string, where: string, net: number | undefined, gross: number | undefined): void {
    if (voucher !== this.#voucher) {
      this.end();
      this.#voucher = voucher;
      this.#where = where;
    }
    if (net === undefined || gross === undefined) this.#isWhole = false;
    this.#net += net ?? 0;
    this.#gross += gross ?? 0;
  }

  end(): void {
    if (this.#isWhole) {
      this.#tell('net', this.#net);
      this.#tell('gross', this.#gross);
    }
    this.#net = 0;
    this.#gross = 0;
    this.#isWhole = true;
  }

  #tell(column: string, sum: number): void {
    if (sum === 0) return;
    const shown = Number.isSafeInteger(sum) ? formatAmount(amount(sum)) : 'more than can be told';
    const problem = `the ${column} amounts of voucher ${this.#voucher.split(' ')[0]} come to ${shown}, not to nothing`;
    const action = 'import nothing of it; find the row where the file was made';
    this.#findings.add('gbat10-unbalanced', 'error', this.#where, problem, action);
  }
}

/** Findings, few enough to read: a file of a million rows may have the same fault on each. */
class Findings {
  readonly #counts = new Map<string, number>();
  readonly #last = new Map<string, Finding>();
  #pending: Finding[] = [];

  add(code: string, severity: Severity, where: string, message: string, action: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    const finding: Finding = { code, severity, message, where, action };
    if (count <= 20) this.#pending.push(finding);
    else this.#last.set(code, { ...finding, message: `${count - 20} more of these, the last: ${message}` });
  }

  take(): readonly Finding[] {
    const taken = this.#pending;
    this.#pending = [];
    return taken;
  }

  rest(): Iterable<Finding> {
    return this.#last.values();
  }
}
