import { add, formatAmount, linesOf, zero, type Amount, type BookedDate, type Voucher, named } from '@bilag/core';
import { policyOf } from './oracle-books.ts';
import type { Expectation, OracleCase, Variant } from './oracle-case.ts';

/** Compares the books of a case with what was expected; each difference in words, none when they agree. */
export function differences(
  oracleCase: OracleCase,
  variant: Variant,
  expected: Expectation,
  booked: readonly BookedDate[],
): string[] {
  const vouchers = booked.flatMap((date) => date.vouchers);
  return [
    ...compareSums(oracleCase, expected, vouchers),
    ...compareVouchers(expected, booked, vouchers),
    ...compareBalances(oracleCase, variant, expected, booked),
    ...comparePreBooked(oracleCase, expected, booked),
  ];
}

/** Signed sums per ledger (where the case names ledgers), date, account, department, and VAT code on result accounts. */
function compareSums({ config }: OracleCase, expected: Expectation, vouchers: readonly Voucher[]): string[] {
  const namesLedgers = expected.vouchers.some((voucher) => typeof voucher.ledgerId === 'string');
  const resultAccounts = new Set([config.accounts.fee, ...Object.values(config.vat).map((vat) => vat.sales)]);
  const isResult = (account: string): boolean =>
    resultAccounts.has(account) || (config.market === 'NO' && /^[3-8]\d{3}$/.test(account));
  const place = (
    ledgerId: string | null | undefined,
    date: string,
    account: string,
    department: string | null | undefined,
    code: string | null | undefined,
  ): string => {
    const parts = [
      namesLedgers ? `ledger ${ledgerId}` : '',
      date,
      account,
      department ? `department ${department}` : '',
    ];
    return [...parts, isResult(account) && code && code !== 'none' ? `code ${code}` : ''].filter(Boolean).join(' ');
  };
  const wanted = new Sums();
  for (const { date, ledgerId, lines } of expected.vouchers) {
    for (const line of lines)
      wanted.add(
        place(ledgerId, date, line.account, line.department, line.vatCode),
        (line.debit - line.credit) as Amount,
      );
  }
  const actual = new Sums();
  for (const voucher of vouchers) {
    for (const line of linesOf(voucher, 'explicit')) {
      actual.add(
        place(voucher.ledgerId, voucher.date, line.account, line.dimensions?.['department'], line.vat?.code),
        line.amount,
      );
    }
  }
  return wanted.against(actual);
}

class Sums {
  readonly #sums = new Map<string, Amount>();

  add(place: string, value: Amount): void {
    this.#sums.set(place, add(this.#sums.get(place) ?? zero, value));
  }

  against(actual: Sums): string[] {
    const places = [...new Set([...this.#sums.keys(), ...actual.#sums.keys()])].sort();
    return places.flatMap((place) => differ(place, this.#sums.get(place) ?? zero, actual.#sums.get(place) ?? zero));
  }
}

function differ(place: string, expected: number, actual: number): string[] {
  if (expected === actual) return [];
  return [`${place}: expected ${formatAmount(expected as Amount)}, actual ${formatAmount(actual as Amount)}`];
}

/** What an expected voucher says beside its lines: where it came from, and whether a person must look. */
function compareVouchers(expected: Expectation, booked: readonly BookedDate[], vouchers: readonly Voucher[]): string[] {
  const findings = booked.flatMap((date) => date.findings);
  const result: string[] = [];
  for (const voucher of expected.vouchers) {
    const source = voucher.sourceLedgerDate ?? undefined;
    const matching = vouchers.filter(
      (actual) =>
        actual.date === voucher.date &&
        (source === undefined || actual.ledgerDate === source) &&
        (typeof voucher.ledgerId !== 'string' || actual.ledgerId === voucher.ledgerId),
    );
    if (source !== undefined && matching.length === 0) {
      result.push(`${voucher.date}: expected a voucher of ledger date ${source}, actual none`);
    }
    const isReviewed = matching.some(({ key }) => findings.some((finding) => finding.vouchers?.includes(key)));
    if (voucher.review === true && !isReviewed)
      result.push(`${voucher.date}: expected a finding to review, actual none`);
  }
  if ((expected.warnings?.length ?? 0) > 0 && findings.length === 0) {
    result.push(`expected a warning (${expected.warnings?.[0]}), actual none`);
  }
  return result;
}

function compareBalances(
  oracleCase: OracleCase,
  variant: Variant,
  expected: Expectation,
  booked: readonly BookedDate[],
): string[] {
  const vouchers = booked.flatMap((date) => date.vouchers);
  const policy = policyOf(oracleCase, variant);
  const { accounts } = policy.versions[0];
  const openings = Object.values(policy.openings);
  const opening = (account: string): number =>
    (account === accounts.clearing ? openings.reduce((total, { funds }) => total + funds, 0) : 0) +
    (account === accounts.feesPayable ? openings.reduce((total, { fees }) => total + fees, 0) : 0);
  const balance = (account: string, through?: string): number =>
    opening(account) +
    vouchers
      .filter((voucher) => through === undefined || voucher.date <= through)
      .flatMap((voucher) => linesOf(voucher, 'explicit'))
      .filter((line) => line.account === account)
      .reduce((total, line) => total + line.amount, 0);
  const one = (name: string, value: number | null | undefined, account: string): string[] =>
    typeof value === 'number' ? differ(name, value, balance(account)) : [];
  // With sales booked elsewhere a case states our part of the account, or the whole of it: the ledger's balance.
  const clearing = (name: string, value: number, ours: number, theirs: number): string[] =>
    named(expected.preBooked ?? {}, accounts.clearing) !== undefined && value === ours + theirs
      ? []
      : differ(name, value, ours);
  return [
    ...(typeof expected.closingClearing === 'number'
      ? clearing('closing clearing', expected.closingClearing, balance(accounts.clearing), preBookedOf(booked))
      : []),
    ...one('closing fees payable', expected.closingFeesPayable, accounts.feesPayable),
    ...Object.entries(expected.checkpoints ?? {}).flatMap(([date, value]) => {
      const theirs = preBookedOf(booked.filter((each) => each.date <= date));
      return clearing(`clearing at the end of ${date}`, value, balance(accounts.clearing, date), theirs);
    }),
    ...Object.entries(expected.bankInTransit ?? {}).flatMap(([date, value]) =>
      differ(`in transit at the end of ${date}`, value, balance(accounts.inTransit, date)),
    ),
    ...Object.entries(expected.otherBalances ?? {}).flatMap(([account, value]) =>
      one(`balance of ${account}`, value, account),
    ),
    ...Object.entries(expected.perLedgerClearing ?? {}).flatMap(([ledgerId, value]) => {
      const own = vouchers.filter((voucher) => voucher.ledgerId === ledgerId).flatMap((voucher) => voucher.lines);
      const moved = own.filter((line) => line.role === 'clearing').reduce((total, line) => total + line.amount, 0);
      const ours = (named(policy.openings, ledgerId)?.funds ?? 0) + moved;
      return clearing(`clearing of ledger ${ledgerId}`, value, ours, preBookedOf(booked, ledgerId));
    }),
  ];
}

/** With sales booked elsewhere: our clearing and theirs together are the ledger's balance. */
function comparePreBooked({ config }: OracleCase, expected: Expectation, booked: readonly BookedDate[]): string[] {
  const preBooked = preBookedOf(booked);
  return Object.entries(expected.preBooked ?? {}).flatMap(([account, value]) =>
    differ(`pre-booked on ${account}`, value, account === config.accounts.clearing ? preBooked : 0),
  );
}

/** What another system has on the clearing account after these dates: of one ledger, or of all. */
function preBookedOf(booked: readonly BookedDate[], ledgerId?: string): number {
  const last = new Map(booked.flatMap((date) => date.balances).map((balances) => [balances.ledgerId, balances]));
  return [...last.values()]
    .filter((balances) => ledgerId === undefined || balances.ledgerId === ledgerId)
    .reduce((total, balances) => total + balances.preBooked, 0);
}
