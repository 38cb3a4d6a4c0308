import { formParts, jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import type { EconomicAgreement } from '../books/economic-agreement.ts';
import type { HeldDocument } from '../books/held-entry.ts';
import { cursorReply } from './economic-lists.ts';
import { documentFields, documentObject } from './economic-objects.ts';
import { EconomicRefusal } from '../books/economic-refusal.ts';

/** The documents of vouchers; undefined for any other path. */
export function documentsReply(request: ServerRequest, agreement: EconomicAgreement): ServerReply | undefined {
  const { method, path, query, headers, body } = request;
  if (path !== '/documentsapi/v4.0.1/AttachedDocuments') return undefined;
  if (method === 'GET') {
    const rows = agreement.documents;
    return cursorReply({ rows, fields: documentFields, idOf: ({ number }) => number, shown: documentObject }, query);
  }
  if (method !== 'POST') return undefined;
  const parts = formParts(headers['content-type'], body) ?? [];
  return jsonReply(201, { number: attach(new Map(parts.map((part) => [part.name.toLowerCase(), part])), agreement) });
}

type Part = NonNullable<ReturnType<typeof formParts>>[number];

/** A voucher has one document: another one adds its pages, or is refused where `OnConflict` is 1. */
function attach(form: ReadonlyMap<string, Part>, agreement: EconomicAgreement): number {
  const textOf = (name: string): string => Buffer.from(form.get(name)?.bytes ?? []).toString('utf8');
  const file = form.get('file');
  if (file === undefined || !isKept(file.bytes))
    throw refusal('InvalidFileData', 'No PDF, JPEG or PNG of 9 MB at most.');
  const [voucherNumber, accountingYear] = [Number(textOf('vouchernumber')), textOf('accountingyear')];
  if (!agreement.periods().some(({ year }) => year === accountingYear)) {
    throw refusal('AccountingYearNotFound', 'There is no such accounting year.');
  }
  const isThere = [...agreement.drafts, ...agreement.booked].some(
    (one) => one.voucherNumber === voucherNumber && one.date.startsWith(accountingYear),
  );
  if (!isThere) throw refusal('InvalidVoucherNumber', 'There is no such voucher.');
  const isOfIt = (one: HeldDocument): boolean =>
    one.voucherNumber === voucherNumber && one.accountingYear === accountingYear;
  const before = agreement.documents.find(isOfIt);
  if (before !== undefined && textOf('onconflict') === '1') {
    throw refusal('DocumentAlreadyAttachedToVoucher', 'The voucher has a document.');
  }
  const content = new Uint8Array(Buffer.concat([before?.content ?? new Uint8Array(), file.bytes]));
  const number = before?.number ?? agreement.documents.length + 1;
  const held = { number, voucherNumber, accountingYear, note: textOf('note'), fileName: file.filename ?? '', content };
  agreement.documents = [...agreement.documents.filter((one) => !isOfIt(one)), held];
  return number;
}

function isKept(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 5)).toString('latin1');
  return bytes.length <= 9_437_184 && /^(?:%PDF-|\u0089PNG|\u00FF\u00D8\u00FF)/.test(start);
}

function refusal(code: string, words: string): EconomicRefusal {
  return new EconomicRefusal(400, code, words);
}
