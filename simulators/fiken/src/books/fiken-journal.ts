import { FikenRefusal, fikenTexts } from '../fiken-replies.ts';
import { accountRefusesCode, codeOfSaleName, fikenVatTypes, vatOnTop, type VatRounding } from './fiken-vat.ts';

/** A line as the books hold it: signed, debit plus. */
export interface FikenLine {
  readonly account: string;
  readonly amount: number;
  /** A string, as Fiken shows it; the lines it adds for VAT carry the code of their base. */
  readonly vatCode: string;
}

/** A line as it is sent. */
export interface FikenLineRequest {
  readonly amount: number;
  readonly debitAccount?: string;
  readonly debitVatCode?: number;
  readonly creditAccount?: string;
  readonly creditVatCode?: number;
}

/**
 * What a general journal entry's lines become. The amount is net on every side that carries a code, and Fiken adds the
 * VAT: seen live, whatever the specification says of the credit side. A line with both accounts balances itself, so with
 * one code it moves more than its amount.
 */
export function journalLines(requested: readonly FikenLineRequest[], rounding: VatRounding): FikenLine[] {
  const lines: FikenLine[] = [];
  for (const line of requested) lines.push(...bookedOf(line, rounding));
  const merged = mergeLines(rounding.of === 'line' ? lines : addVatOfSums(requested, rounding));
  const difference = total(merged);
  if (difference !== 0) throw new FikenRefusal(400, fikenTexts.unbalanced(difference));
  return merged;
}

function bookedOf(line: FikenLineRequest, rounding: VatRounding): FikenLine[] {
  const { amount, debitAccount, creditAccount, debitVatCode = 0, creditVatCode = 0 } = line;
  if (!Number.isSafeInteger(amount) || amount <= 0) throw new FikenRefusal(400, 'amount must be a positive integer');
  if (debitAccount === undefined && creditAccount === undefined) throw new FikenRefusal(400, 'Line without account');
  const debit = side(debitAccount, amount, debitVatCode, rounding);
  const credit = side(creditAccount, -amount, creditVatCode, rounding);
  if (debit === undefined || credit === undefined) return [...(debit ?? []), ...(credit ?? [])];
  if (credit.length === 1) return [...debit, { ...(credit[0] as FikenLine), amount: -total(debit) }];
  if (debit.length === 1) return [{ ...(debit[0] as FikenLine), amount: -total(credit) }, ...credit];
  return [...debit, ...credit];
}

function side(
  account: string | undefined,
  amount: number,
  code: number,
  rounding: VatRounding,
): FikenLine[] | undefined {
  if (account === undefined) return undefined;
  const type = fikenVatTypes[code];
  if (type === undefined) throw new FikenRefusal(400, `Ukjent mva-kode ${code}`);
  if (code !== 0) {
    const refusal = accountRefusesCode(account, code);
    if (refusal !== undefined) throw new FikenRefusal(400, refusal);
  }
  const base = { account, amount, vatCode: String(code) };
  const vat = vatOnTop(amount, type.rateBasisPoints, rounding.half);
  return vat === 0 ? [base] : [base, { account: type.account ?? '', amount: vat, vatCode: String(code) }];
}

/** The other reading of the rounding: VAT of what an account's lines with one code come to. */
function addVatOfSums(requested: readonly FikenLineRequest[], rounding: VatRounding): FikenLine[] {
  const bases = requested.flatMap((line) => [
    ...(line.debitAccount === undefined ? [] : [baseLine(line.debitAccount, line.amount, line.debitVatCode)]),
    ...(line.creditAccount === undefined ? [] : [baseLine(line.creditAccount, -line.amount, line.creditVatCode)]),
  ]);
  return mergeLines(bases).flatMap((line) => {
    const type = fikenVatTypes[Number(line.vatCode)];
    const vat = vatOnTop(line.amount, type?.rateBasisPoints ?? 0, rounding.half);
    return vat === 0 ? [line] : [line, { account: type?.account ?? '', amount: vat, vatCode: line.vatCode }];
  });
}

function baseLine(account: string, amount: number, code = 0): FikenLine {
  return { account, amount, vatCode: String(code) };
}

/** One signed line per account and code, as Fiken shows them. */
export function mergeLines(lines: readonly FikenLine[]): FikenLine[] {
  const merged = new Map<string, FikenLine>();
  for (const line of lines) {
    const key = `${line.account}/${line.vatCode}`;
    merged.set(key, { ...line, amount: (merged.get(key)?.amount ?? 0) + line.amount });
  }
  return [...merged.values()].filter(({ amount }) => amount !== 0);
}

function total(lines: readonly FikenLine[]): number {
  return lines.reduce((sum, { amount }) => sum + amount, 0);
}

/** A line of a sale as it is sent: net and VAT, both explicit. */
export interface FikenOrderLine {
  readonly description: string;
  readonly netPrice: number;
  readonly vat: number;
  readonly account: string;
  readonly vatType: string;
}

/** A sale as it is sent. */
export interface FikenSaleRequest {
  readonly saleNumber?: string;
  readonly date: string;
  readonly kind: string;
  readonly totalPaid?: number;
  readonly lines: readonly FikenOrderLine[];
  readonly currency: string;
  readonly paymentAccount?: string;
  readonly paymentDate?: string;
  readonly paymentFee?: number;
}

/** What a cash sale becomes in the books. Only what was seen is taken; all else is refused. */
export function saleLines(sale: FikenSaleRequest): FikenLine[] {
  if (sale.kind !== 'cash_sale' || sale.currency !== 'NOK') throw new FikenRefusal(400, 'Only cash sales in NOK here');
  if (sale.totalPaid === undefined) throw new FikenRefusal(400, fikenTexts.totalPaidMissing);
  if (sale.paymentAccount === undefined) throw new FikenRefusal(400, "Missing field 'paymentAccount'");
  if (sale.paymentDate !== sale.date) throw new FikenRefusal(400, 'paymentDate must equal date for a cash sale');
  if (sale.lines.length === 0) throw new FikenRefusal(400, 'A sale needs a line');
  const { paymentFee = 0 } = sale;
  const revenue = sale.lines.flatMap(orderLine);
  const gross = -total(revenue);
  if (gross !== sale.totalPaid) throw new FikenRefusal(400, `totalPaid is ${sale.totalPaid}, the lines are ${gross}`);
  if (!Number.isSafeInteger(paymentFee) || paymentFee < 0 || paymentFee > gross) {
    throw new FikenRefusal(400, 'paymentFee must be a positive integer, and not more than totalPaid');
  }
  return mergeLines([...paymentsOf(sale).map((payment) => ({ ...payment, vatCode: '0' })), ...revenue]);
}

/** Where a sale was paid. A fee was seen to be a payment of its own; its account is an assumption. */
export function paymentsOf({ paymentAccount = '', paymentFee = 0, totalPaid = 0 }: FikenSaleRequest): {
  readonly account: string;
  readonly amount: number;
}[] {
  const payment = { account: paymentAccount, amount: totalPaid - paymentFee };
  return paymentFee === 0 ? [payment] : [payment, { account: '7770', amount: paymentFee }];
}

function orderLine(line: FikenOrderLine): FikenLine[] {
  const { account, netPrice, vat, vatType, description } = line;
  const code = codeOfSaleName(vatType);
  const type = code === undefined ? undefined : fikenVatTypes[code];
  if (code === undefined || type === undefined) throw new FikenRefusal(400, `Unknown vatType ${vatType}`);
  if ([...description].length > 200) throw new FikenRefusal(400, 'description is longer than 200');
  if (!Number.isSafeInteger(netPrice) || !Number.isSafeInteger(vat) || netPrice <= 0 || vat < 0) {
    throw new FikenRefusal(400, 'netPrice and vat must be positive integers');
  }
  if (type.rateBasisPoints > 0 && vat === 0) throw new FikenRefusal(400, fikenTexts.vatIsZero(vatType));
  if (Math.abs(vatOnTop(netPrice, type.rateBasisPoints, 'up') - vat) > 1) {
    throw new FikenRefusal(400, `vat ${vat} does not fit vatType ${vatType}`);
  }
  const refusal = accountRefusesCode(account, code);
  if (refusal !== undefined) throw new FikenRefusal(400, refusal);
  const revenue = { account, amount: -netPrice, vatCode: String(code) };
  return vat === 0 ? [revenue] : [revenue, { account: type.account ?? '', amount: -vat, vatCode: String(code) }];
}
