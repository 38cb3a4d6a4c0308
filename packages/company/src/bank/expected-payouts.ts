import { bankCalendar, forecastPayout, type BankCalendar, type ExpectedPayout } from '@bilag/bank';
import {
  addDays,
  currentType,
  factIdentity,
  named,
  payoutNumber,
  subtract,
  zero,
  type LedgerDate,
  type LedgerEntry,
  type PayoutHabits,
  type PlainDate,
  type SourceProfile,
} from '@bilag/core';
import type { Company } from '../config/company.ts';

/** The payouts of ledgers, and what their texts at the bank may be made of. */
export interface CompanyPayouts {
  readonly payouts: readonly ExpectedPayout[];
  readonly habits: readonly PayoutHabits[];
  readonly units: readonly string[];
  readonly calendar: BankCalendar;
}

/** What is known of a ledger's payouts while its dates are read. */
interface LedgerPayouts {
  readonly currency: string;
  readonly units: Set<string>;
  readonly payouts: Map<string, Payout>;
  /** The entries that payouts were made of: what is delivered twice is booked once. */
  readonly seen: Set<string>;
  profile: SourceProfile | undefined;
}

type Payout = Pick<ExpectedPayout, 'number' | 'reference' | 'date' | 'amount'> & {
  readonly text: string | null;
  readonly aborted?: PlainDate;
};

/**
 * Every payout that the ledger dates tell of, and how each may look at the bank. Money that was under way at the cut-over is a
 * payout of its own, `<ledgerId>-opening`: nothing names it, so a person decides what came of it.
 */
export async function expectedPayouts(
  company: Pick<Company, 'country' | 'policy' | 'bankAccounts'>,
  dates: AsyncIterable<LedgerDate>,
  handlesOf: (ledgerId: string) => readonly string[],
): Promise<CompanyPayouts> {
  const ledgers = new Map<string, LedgerPayouts>();
  for await (const date of dates) {
    const ledger = ledgers.get(date.ledgerId) ?? openLedger(date, handlesOf);
    ledgers.set(date.ledgerId, ledger);
    ledger.profile ??= date.profile;
    for (const entry of date.entries) {
      if (entry.salesUnit !== null) ledger.units.add(entry.salesUnit);
      if (entry.account === 'funds' && entry.amount !== 0) takePayout(ledger, entry);
    }
  }
  const calendar = await bankCalendar(company.country);
  const all = [...ledgers];
  return {
    payouts: all.flatMap(([ledgerId, ledger]) => [
      ...openingOf(ledgerId, ledger, company),
      ...[...ledger.payouts.values()].map((payout) => expected(ledgerId, payout, ledger, { company, calendar })),
    ]),
    habits: all.flatMap(([, ledger]) => habitsOf(ledger, company) ?? []),
    units: all.flatMap(([, { units }]) => [...units]),
    calendar,
  };
}

function openLedger(date: LedgerDate, handlesOf: (ledgerId: string) => readonly string[]): LedgerPayouts {
  const units = new Set(handlesOf(date.ledgerId));
  return { currency: date.currency, units, payouts: new Map(), seen: new Set(), profile: date.profile };
}

function takePayout({ payouts, seen }: LedgerPayouts, entry: LedgerEntry): void {
  const type = currentType(entry);
  if (!type.startsWith('payout-')) return;
  const identity = factIdentity(entry.id);
  if (seen.has(identity)) return;
  seen.add(identity);
  const number = payoutNumber(entry.ledgerId, toldBy(entry)) ?? null;
  const reference = payoutReference(entry);
  const before = payouts.get(reference);
  if (type === 'payout-aborted') {
    const payout = before ?? latestOf(entry, payouts);
    if (payout !== undefined) payouts.set(payout.reference, { ...payout, aborted: entry.ledgerDate });
  } else if (type === 'payout-scheduled') {
    // The same number again: sent anew after it was aborted, or a part of it.
    const part = before === undefined || before.aborted !== undefined ? zero : before.amount;
    const amount = subtract(part, entry.amount);
    payouts.set(reference, { number, reference, date: entry.ledgerDate, amount, text: entry.reference });
  }
}

/** What a payout is called by its entry: `<ledgerId>-<number>`, or what the provider calls it otherwise. */
export function payoutReference(entry: LedgerEntry): string {
  const told = toldBy(entry);
  const number = payoutNumber(entry.ledgerId, told);
  return number === undefined ? told : `${entry.ledgerId}-${number}`;
}

function toldBy({ pspReference, id }: LedgerEntry): string {
  return pspReference ?? id;
}

/** Whether an aborted payout repeats its number is not documented: else the latest of its amount. */
function latestOf(entry: LedgerEntry, payouts: ReadonlyMap<string, Payout>): Payout | undefined {
  return [...payouts.values()].findLast(({ amount, aborted }) => aborted === undefined && amount === entry.amount);
}

type About = Pick<Company, 'country' | 'policy' | 'bankAccounts'>;

function habitsOf({ profile }: LedgerPayouts, { country }: About): PayoutHabits | undefined {
  return profile?.payouts?.[country];
}

function expected(
  ledgerId: string,
  { text, ...payout }: Payout,
  ledger: LedgerPayouts,
  { company, calendar }: { readonly company: About; readonly calendar: BankCalendar },
): ExpectedPayout {
  const units = [...ledger.units];
  const habits = habitsOf(ledger, company);
  const forecast =
    habits && forecastPayout({ date: payout.date, number: payout.number, units, reference: text }, habits, calendar);
  return {
    ...payout,
    ledgerId,
    units,
    currency: ledger.currency,
    texts: forecast?.texts ?? (text === null ? [] : [text]),
    ...(forecast === undefined ? {} : { expected: forecast.expected }),
    accounts: named(company.bankAccounts, ledgerId) ?? [],
    provider: ledger.profile?.provider ?? '',
  };
}

function openingOf(ledgerId: string, ledger: LedgerPayouts, company: About): readonly ExpectedPayout[] {
  const amount = named(company.policy.openings, ledgerId)?.inTransit ?? zero;
  if (amount <= 0) return [];
  return [
    {
      ledgerId,
      reference: `${ledgerId}-opening`,
      number: null,
      units: [],
      date: addDays(company.policy.versions[0].from, -1),
      amount,
      currency: ledger.currency,
      texts: [],
      accounts: named(company.bankAccounts, ledgerId) ?? [],
      provider: ledger.profile?.provider ?? '',
    },
  ];
}
