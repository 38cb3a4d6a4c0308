import { add, type Amount, type Finding, type LedgerEntry, ledgerEntry, negate, type RawPage, zero } from '@bilag/core';
import { amountIn, momentIn } from '../table/cell-text.ts';
import { claimFindings, rowFindings, settledSums } from './claims.ts';
import type { FilePage, FileRow } from '../file-page.ts';
import { rejectedFile } from '../rejected-file.ts';

/** What the entries of a settlement's page are made with. */
export interface SettlementChoices {
  /** Whether fees are read as an account of their own. */
  readonly fees: boolean;
  /** What is taken where the file does not say how it is settled. */
  readonly settlement: 'net' | 'gross' | undefined;
}

interface ReadPage {
  readonly entries: LedgerEntry[];
  readonly findings: Finding[];
  /** Of each fee, the payment that it stands beside. */
  readonly besides: ReadonlyMap<LedgerEntry, LedgerEntry>;
  /** What is withheld for fees; nothing where they are invoiced. */
  readonly withheld: Amount;
}

/**
 * The entries of all pages that one settlement has on one date: its payments and fees, and on its own date the payout. A
 * file tells what was paid, not what else moved the ledger.
 */
export function settlementEntries(
  pages: readonly { readonly page: RawPage; readonly of: FilePage }[],
  choices: SettlementChoices,
): ReadPage {
  const entries: LedgerEntry[] = [];
  const findings: Finding[] = [];
  const besides = new Map<LedgerEntry, LedgerEntry>();
  let fees: Amount = zero;
  for (const { page, of } of pages) {
    for (const row of of.rows) {
      const made = entriesOf(page, of, row);
      entries.push(...made.own);
      fees = add(fees, made.fee);
      const [beside] = made.own;
      if (made.fee === 0 || !choices.fees) continue;
      const fee = ledgerEntry({ ...made.shared, account: 'fees', type: 'capture-fee', amount: negate(made.fee) });
      entries.push(fee);
      if (beside !== undefined) besides.set(fee, beside);
    }
    findings.push(...rowFindings(page, of));
  }
  const last = pages.at(-1);
  if (last === undefined) return { entries, findings, besides, withheld: zero };
  const settles = last.of.settles ?? choices.settlement ?? 'net';
  for (const { page, of } of pages) {
    entries.push(...payoutOf(page, of, settles));
    findings.push(...claimFindings(page, of, settles), ...assumed(page, of, choices));
  }
  return { entries, findings, besides, withheld: settles === 'net' ? fees : zero };
}

/** A payment that is captured and refunded in one row is two facts. */
function entriesOf(
  page: RawPage,
  of: FilePage,
  row: FileRow,
): {
  readonly own: LedgerEntry[];
  readonly fee: Amount;
  readonly shared: Omit<LedgerEntry, 'id' | 'account' | 'type' | 'amount'>;
} {
  const shared = {
    ledgerId: page.ledgerId,
    ledgerDate: page.date,
    currency: row.currency ?? of.currency,
    pspReference: row.psp || null,
    reference: row.reference || null,
    salesUnit: of.unit,
    time: momentIn(row.time ?? ''),
  };
  const read = (column: 'capture' | 'refund' | 'fee'): Amount => {
    const text = row[column] ?? '';
    const value = text === '' ? zero : amountIn(text, of.currency);
    if (value !== undefined) return value;
    throw rejectedFile(`${page.request}, row ${row.at}`, `the ${column} is no amount in ${of.currency}`);
  };
  const [capture, refund, written] = [read('capture'), read('refund'), read('fee')];
  const parts = [['capture', capture] as const, ['refund', refund] as const].filter(([, value]) => value !== 0);
  const fee = of.positiveFees === true ? written : negate(written);
  return {
    own: parts.map(([type, value]) => ledgerEntry({ ...shared, account: 'funds', type, amount: value })),
    fee,
    shared,
  };
}

/**
 * On net settlement the fees of a date are withheld when it ends, on both accounts and in one sum, under the ledger and the
 * date (Report API guide, entry types; reports of the portal).
 */
export function retainedEntries(
  { ledgerId, date }: Pick<RawPage, 'ledgerId' | 'date'>,
  { currency }: Pick<FilePage, 'currency'>,
  withheld: Amount,
  choices: SettlementChoices,
): LedgerEntry[] {
  if (withheld === 0) return [];
  const shared = { ...settling({ ledgerId, date }, currency, date.replaceAll('-', '')), type: 'fees-retained' };
  const own = ledgerEntry({ ...shared, account: 'funds', amount: negate(withheld) });
  return choices.fees ? [own, ledgerEntry({ ...shared, account: 'fees', amount: withheld })] : [own];
}

/** The number of a settlement is the end of its payout's reference. */
function payoutOf(page: RawPage, of: FilePage, settles: 'net' | 'gross'): LedgerEntry[] {
  if (of.settlement === undefined) return [];
  const { capture, refund, net } = settledSums(of.settlement, of.positiveFees ?? false);
  const paid = settles === 'net' ? net : add(capture, refund);
  if (paid <= 0) return [];
  const payout = settling(page, of.currency, of.settlement.number);
  return [ledgerEntry({ ...payout, account: 'funds', type: 'payout-scheduled', amount: negate(paid) })];
}

function settling(
  { ledgerId, date }: Pick<RawPage, 'ledgerId' | 'date'>,
  currency: string,
  number: string,
): Omit<LedgerEntry, 'id' | 'account' | 'type' | 'amount'> {
  const unnamed = { reference: null, salesUnit: null, time: null };
  return { ledgerId, ledgerDate: date, currency, pspReference: `${ledgerId}-${number}`, ...unnamed };
}

function assumed({ request, ledgerId, date }: RawPage, of: FilePage, { settlement }: SettlementChoices): Finding[] {
  if (of.settlement === undefined || of.settles !== undefined || settlement !== undefined) return [];
  return [
    {
      code: 'settlement-assumed',
      severity: 'warning',
      message: `the file does not say how settlement ${of.settlement.number} is settled: net is taken, as most are`,
      where: request,
      action: "compare the payout with the bank, and say source.imports.settlement: 'net' or 'gross' in the config",
      ledgerId,
      date,
    },
  ];
}
