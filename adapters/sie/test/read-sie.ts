import type { ReadingHints, ReadLine, ReadVoucher, WrittenFile } from '@bilag/conformance';
import { parseAmount } from '@bilag/core';
import iconv from 'iconv-lite';

/** A row of a file: its label, and its fields; an object list is a field of its own. */
export interface SieRow {
  readonly label: string;
  readonly fields: readonly (string | readonly string[])[];
}

/** The rows, decoded by a library and split by the grammar of specification 4B, section 5. Throws where they do not fit it. */
export function rowsOf(content: Uint8Array): SieRow[] {
  const text = iconv.decode(Buffer.from(content), 'cp437');
  const rows = text.split('\n').map((row) => row.replace(/\r$/, ''));
  if (rows.pop() !== '') throw new Error('the last row has no end');
  return rows.filter((row) => row.trim() !== '').map(rowOf);
}

function rowOf(row: string): SieRow {
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(row)) throw new Error(`a control character in ${JSON.stringify(row)}`);
  const trimmed = row.trim();
  if (trimmed === '{' || trimmed === '}') return { label: trimmed, fields: [] };
  const [label = '', ...fields] = fieldsOf(trimmed);
  if (typeof label !== 'string' || !label.startsWith('#')) throw new Error(`a row without a label: ${row}`);
  return { label, fields };
}

/** `field = bare | "quoted" | {list}`, set apart by blanks and tabs; inside quotes `\"` is a quotation mark. */
function fieldsOf(row: string): (string | string[])[] {
  const token = /[ \t]*(?:"((?:\\"|[^"])*)"|\{((?:"(?:\\"|[^"])*"|[^"}])*)\}|([^\s"{}]+))(?=[ \t]|$)/y;
  const fields: (string | string[])[] = [];
  while (token.lastIndex < row.length) {
    const from = token.lastIndex;
    const match = token.exec(row);
    if (match === null) throw new Error(`no field at ${from} of ${row}`);
    const [, quoted, list, bare] = match;
    if (list !== undefined) fields.push(fieldsOf(list.trim()) as string[]);
    else fields.push(quoted?.replaceAll('\\"', '"') ?? bare ?? '');
  }
  return fields;
}

const compulsory = ['#FLAGGA', '#PROGRAM', '#FORMAT', '#GEN', '#SIETYP', '#FNAMN'];
const vouchersAlone = ['#VER', '{', '#TRANS', '}'];
const balanceLabels = ['#IB', '#UB', '#RES'];

/** The vouchers of a file; throws where a label is missing, out of its order, or not allowed there, or a balance does not follow. */
export function readSie(
  dimensionNames: Readonly<Record<string, string>>,
): (files: readonly WrittenFile[], hints: ReadingHints) => ReadVoucher[] {
  return (files) =>
    files.flatMap(({ name, content }) => {
      const isExport = name.endsWith('.se');
      const rows = rowsOf(content);
      const vouchers = vouchersOf(rows, isExport, dimensionNames);
      if (isExport) balancesMustFollow(rows, vouchers);
      return vouchers;
    });
}

/** Every account of a 4E file has one closing balance, and #IB + vouchers = #UB or #RES. */
function balancesMustFollow(rows: readonly SieRow[], vouchers: readonly ReadVoucher[]): void {
  const due = new Map<string, number>();
  const count = (account: string, amount: number): unknown => due.set(account, (due.get(account) ?? 0) + amount);
  const balances = rows.filter(({ label }) => balanceLabels.includes(label));
  for (const { label, fields } of balances) {
    if (fields[0] !== '0') throw new Error(`a balance of the year ${String(fields[0])}`);
    count(String(fields[1]), parseAmount(String(fields[2])) * (label === '#IB' ? 1 : -1));
  }
  for (const { account, amount } of vouchers.flatMap(({ lines }) => lines)) count(account, amount);
  const [wrong] = [...due].filter(([, rest]) => rest !== 0);
  if (wrong !== undefined) throw new Error(`account ${wrong[0]} is off by ${wrong[1]}`);
}

function vouchersOf(
  rows: readonly SieRow[],
  isExport: boolean,
  dimensionNames: Readonly<Record<string, string>>,
): ReadVoucher[] {
  const needed = compulsory.concat(isExport ? ['#RAR', '#OMFATTN'] : []);
  const ranks = [
    compulsory.concat('#ORGNR', '#RAR', '#VALUTA', ...(isExport ? ['#OMFATTN'] : [])),
    ['#KONTO', '#DIM', '#OBJEKT'],
    ...(isExport ? [balanceLabels] : []),
    vouchersAlone,
  ];
  const order = rows.map(({ label }) => ranks.findIndex((labels) => labels.includes(label)));
  if (order.includes(-1)) throw new Error(`a label that this type of file has not: ${rows[order.indexOf(-1)]?.label}`);
  if (order.some((rank, index) => rank < (order[index - 1] ?? 0))) throw new Error('labels are out of their order');
  if (rows[0]?.label !== '#FLAGGA') throw new Error('#FLAGGA is not first');
  const missing = needed.filter((label) => !rows.some((row) => row.label === label));
  if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`);
  const currency = rows.find(({ label }) => label === '#VALUTA')?.fields[0];
  const declared = rows.filter(({ label }) => label === '#KONTO').map(({ fields }) => fields[0]);
  const objects = rows.filter(({ label }) => label === '#OBJEKT').map(({ fields }) => fields.slice(0, 2).join(' '));
  const vouchers: (ReadVoucher & { readonly lines: ReadLine[] })[] = [];
  let isOpen = false;
  for (const { label, fields } of rows) {
    if (label === '#VER') {
      const [, number, date, text] = fields;
      if (number !== (isExport ? String(vouchers.length + 1) : ''))
        throw new Error(`#VER has the number ${String(number)}`);
      const [, reference = '', description = ''] = /^(\S+) ?(.*)$/.exec(String(text)) ?? [];
      vouchers.push({ reference, date: isoDate(date), currency: String(currency), description, lines: [] });
    } else if (label === '{' || label === '}') {
      if (isOpen === (label === '{')) throw new Error('braces that do not pair');
      isOpen = label === '{';
    } else if (label === '#TRANS') {
      const [account, list, amount, date, text] = fields;
      if (!isOpen || !Array.isArray(list)) throw new Error('a #TRANS out of place, or without a list');
      if (!declared.includes(account as string)) throw new Error(`account ${String(account)} has no #KONTO`);
      if (!/^-?\d+(?:\.\d{1,2})?$/.test(String(amount))) throw new Error(`${String(amount)} is no amount`);
      if (isoDate(date) !== vouchers.at(-1)?.date) throw new Error('a line of another date');
      vouchers.at(-1)?.lines.push({
        account: String(account),
        amount: parseAmount(String(amount)),
        text: String(text),
        ...dimensionsOf(list as string[], objects, dimensionNames),
      });
    }
  }
  if (isOpen) throw new Error('the last voucher is not closed');
  return vouchers;
}

function dimensionsOf(
  list: readonly string[],
  objects: readonly string[],
  names: Readonly<Record<string, string>>,
): Pick<ReadLine, 'dimensions'> {
  if (list.length === 0) return {};
  const pairs = list.flatMap((number, at) => (at % 2 === 0 ? [[number, list[at + 1] ?? ''] as const] : []));
  for (const [number, id] of pairs)
    if (!objects.includes(`${number} ${id}`)) throw new Error(`${number} ${id} has no #OBJEKT`);
  return { dimensions: Object.fromEntries(pairs.map(([number, id]) => [names[number] ?? number, id])) };
}

function isoDate(field: SieRow['fields'][number] | undefined): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(String(field)) ?? [];
  if (year === undefined) throw new Error(`${String(field)} is no date`);
  return `${year}-${month}-${day}`;
}
