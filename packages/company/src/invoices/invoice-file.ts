import { add, BilagError, decimalsOf, isBilagError, isPlainDate, parseAmount, sum, type Amount } from '@bilag/core';
import type { FeeInvoice } from '@bilag/engine';
import { z } from 'zod';
import type { Company } from '../config/company.ts';

const text = z.string().trim().min(1).max(100);
/** Targets take 35 characters of a reference, such as the `ReferenceNumber` of SAF-T. */
const documentNumber = text
  .max(35, 'write the number of the document alone: at most 35 characters')
  .regex(/^\P{Cc}+$/u, 'write it on one line');
/** As printed, with a point: `1250.00`. */
const printed = z.string();

const invoiceSchema = z.strictObject({
  kind: z.enum(['invoice', 'credit-note']),
  number: documentNumber,
  ledger: text,
  date: z.string().refine(isPlainDate, 'write a date: 2026-07-31'),
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'write a month: 2026-07'),
  net: printed,
  vat: printed,
  total: printed,
  fees: z.record(text, z.strictObject({ net: printed, vat: printed })),
  settlement: z
    .enum(['gross', 'net'], 'write "gross" (it is to be paid) or "net" (the payouts were less by it)')
    .optional(),
});

/** How the ledger settles fees: what no invoice bills. */
const settling: readonly string[] = ['fees-retained', 'fees-invoiced', 'credit-note'];

/** Reads an invoice as a person wrote it down. Throws `rejected` where it does not add up: nothing of it is worked out again. */
export function parseInvoice(json: string, where: string, { currency }: Pick<Company, 'currency'>): FeeInvoice {
  const { ledger, fees, ...written } = checked(json, where);
  const money = (name: string, value: string): Amount => {
    try {
      return parseAmount(value, decimalsOf(currency));
    } catch (error) {
      throw isBilagError(error) ? wrong(`${name}: ${error.what}`, where) : error;
    }
  };
  const [net, vat, total] = [money('net', written.net), money('vat', written.vat), money('total', written.total)];
  const lines = Object.entries(fees).map(([kind, line]) => {
    if (settling.includes(kind))
      throw wrong(`fees.${kind}: ${kind} settles fees, and is none; a credit note credits a "correction"`, where);
    return [kind, { net: money(`fees.${kind}.net`, line.net), vat: money(`fees.${kind}.vat`, line.vat) }] as const;
  });
  if (total < 0) throw wrong('total is negative: write it as printed without a sign, its kind says which way', where);
  if (add(net, vat) !== total)
    throw wrong(`net ${written.net} and vat ${written.vat} do not come to total ${written.total}`, where);
  if (sum(lines.map(([, line]) => line.net)) !== net)
    throw wrong(`the net amounts of fees do not come to net ${written.net}`, where);
  if (sum(lines.map(([, line]) => line.vat)) !== vat)
    throw wrong(`the VAT of fees does not come to vat ${written.vat}`, where);
  const { kind, number, date, month, settlement } = written;
  const invoice = { kind, number, ledgerId: ledger, date, month, currency, net, vat, total };
  return { ...invoice, fees: Object.fromEntries(lines), ...(settlement === undefined ? {} : { settlement }) };
}

function checked(json: string, where: string): z.infer<typeof invoiceSchema> & { readonly date: FeeInvoice['date'] } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong('the file is not JSON', where);
  }
  const parsed = invoiceSchema.safeParse(value);
  if (parsed.success) {
    const { date } = parsed.data;
    if (isPlainDate(date)) return { ...parsed.data, date };
  }
  const issue = parsed.error?.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  throw wrong(`${path === '' ? '' : `${path}: `}${issue?.message ?? 'this is no invoice'}`, where);
}

function wrong(what: string, where: string): BilagError {
  return new BilagError('rejected', {
    what,
    where,
    action: 'write the invoice down as it is printed (docs/proof.md shows one); nothing was recorded',
  });
}
