import {
  addDays,
  amount,
  ledgerEntry,
  negate,
  type EntryFacts,
  type LedgerDate,
  type LedgerEntry,
  type PlainDate,
  type PolicyInput,
} from '@bilag/core';
import { camt053Files, type BankFile } from '@bilag/simulator-bank';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OpenTarget } from '../src/index.ts';
import { firstDate, Merchant, said } from './till-nights.ts';

/* A night goes on from where the one before left off: it plans what it would plan from the cut-over, byte for byte. */

const ledgerIds = ['302321', '302322'] as const;
const lastDay = 30;

/** Now and then. */
const sometimes = fc.nat({ max: 19 }).map((number) => number === 19);

const day = fc.record({
  sales: fc.array(fc.integer({ min: 1, max: 50_000 }), { maxLength: 3 }),
  refunds: fc.boolean(),
  paysOut: fc.boolean(),
  /** Its last entry comes after the first of the next date in the provider's list. */
  isLate: sometimes,
  /** It is read together with what the other ledger had on its last date. */
  isMixed: sometimes,
});
const days = fc.array(day, { minLength: lastDay, maxLength: lastDay });
type Day = typeof day extends fc.Arbitrary<infer Value> ? Value : never;

const act = fc.oneof(
  { weight: 4, arbitrary: fc.constant('nothing') },
  fc.constantFrom(
    ...(['undo', 'hold', 'release', 'lock', 'lock-there', 'unlock', 'account', 'version'] as const),
    ...(['group', 'edit', 'accept', 'delete', 'reverse-there', 'forget', 'damage'] as const),
    ...(['invoice', 'invoice-back', 'bank-back'] as const),
  ),
);
const night = fc.record({
  /** How many more dates are there. */
  brings: fc.integer({ min: 0, max: 4 }),
  /** How many of them are still open. */
  open: fc.integer({ min: 0, max: 2 }),
  /** A date that cannot be had this time. */
  misses: fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, fc.nat({ max: 3 })),
  /** How many days the bank is behind; undefined: it delivers nothing. */
  bankIsBehind: fc.option(fc.nat({ max: 4 }), { freq: 3, nil: undefined }),
  act,
  pick: fc.nat(),
});
const merchant = fc.record({
  ledgers: fc.tuple(days, fc.option(days, { nil: undefined })),
  quiet: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
  grouping: fc.constantFrom('date', 'date', 'payout', 'entry'),
  hasBank: fc.boolean(),
  attaches: fc.boolean(),
  nights: fc.array(night, { minLength: 4, maxLength: 9 }),
} as const);

/** What a ledger had on each date, its balances unbroken. */
function ledgerDates(ledgerId: string, given: readonly Day[]): LedgerDate[] {
  let [balance, serial] = [0, 0];
  const entries = given.map(({ sales, refunds, paysOut }, index) => {
    const date = addDays(firstDate, index);
    const put = (type: string, moved: number, pspReference: string): LedgerEntry => {
      balance += moved;
      serial += 1;
      const facts: EntryFacts = {
        ledgerId,
        account: 'funds',
        ledgerDate: date,
        type,
        amount: amount(moved),
        currency: 'NOK',
        pspReference,
        reference: null,
        salesUnit: null,
        time: `${date}T10:${String(serial % 60).padStart(2, '0')}:00.1Z`,
        balanceBefore: amount(balance - moved),
        balanceAfter: amount(balance),
      };
      return ledgerEntry(facts);
    };
    const own = sales.map((sold) => put('capture', sold, `${ledgerId}-s${serial}`));
    const [first] = own;
    if (refunds && first !== undefined) own.push(put('refund', -first.amount, first.pspReference ?? ''));
    if (paysOut && balance !== 0) own.push(put('payout-scheduled', -balance, `${ledgerId}-${2_000_000 + index}`));
    return own;
  });
  for (const [index, { isLate }] of given.entries()) {
    const [own, next] = [entries[index], entries[index + 1]];
    if (!isLate || own === undefined || next === undefined || own.length === 0) continue;
    const { id: _, ...facts } = own.pop() as LedgerEntry;
    const [first] = next;
    next.splice(0, 1, ledgerEntry({ ...facts, ledgerDate: addDays(firstDate, index + 1) }));
    if (first === undefined) continue;
    const { id: __, ...others } = first;
    own.push(ledgerEntry({ ...others, ledgerDate: addDays(firstDate, index) }));
  }
  return entries.map((own, index) => ({
    ledgerId,
    date: addDays(firstDate, index),
    currency: 'NOK',
    profile: {
      provider: 'The till',
      series: 'TILL',
      payouts: { NO: { bankDays: 2, texts: ['Till {number} {unit}'] } },
    },
    accounts: { funds: { closed: true } },
    entries: own,
  }));
}

function tradeOf(ledgers: readonly (readonly Day[] | undefined)[]): LedgerDate[] {
  const [one = [], other = []] = ledgers.map((own, index) =>
    own === undefined ? [] : ledgerDates(ledgerIds[index] ?? '', own),
  );
  const mixed = other.map((date, index) => {
    const before = one[index - 1]?.entries.slice(0, 1) ?? [];
    return ledgers[1]?.[index]?.isMixed === true ? { ...date, entries: [...date.entries, ...before] } : date;
  });
  return [...one, ...mixed];
}

/** What the bank has of every day: payouts come two days later, now and then two in one, and other rows are there too. */
function statementsOf(trade: readonly LedgerDate[]): readonly BankFile[] {
  const paidOut = trade.flatMap(({ entries }) => entries).filter(({ type }) => type === 'payout-scheduled');
  const payments = paidOut.map(({ ledgerId, ledgerDate, amount: paid, pspReference }, index) => ({
    on: addDays(ledgerDate, index % 7 === 6 ? 4 : 2),
    amount: negate(paid),
    text: `Till ${pspReference?.split('-')[1]} ${ledgerId}`,
  }));
  const to = addDays(firstDate, lastDay + 5);
  const account = { number: '86011117947', currency: 'NOK', from: firstDate, to, payments, otherRows: 1 };
  return camt053Files(account, { version: '08' });
}

/** An invoice of the till, as a person wrote it down. */
function invoiceOf(date: PlainDate, pick: number): object {
  const month = date.slice(0, 7);
  const amounts = { net: '100.00', vat: '25.00' };
  const ledger = ledgerIds[0];
  const fees = { 'capture-fee': amounts };
  return { kind: 'invoice', number: `F-${pick % 50}`, ledger, date, month, ...amounts, total: '125.00', fees };
}

type Night = typeof night extends fc.Arbitrary<infer Value> ? Value : never;

/** What a person does, in the config, in the log or in the target. */
async function doOf({ act: done, pick }: Night, own: Merchant, last: PlainDate): Promise<void> {
  const { books } = own;
  const [version] = own.policy.versions as [PolicyInput['versions'][0]];
  const some = books.posted[pick % Math.max(1, books.posted.length)];
  const live = some?.state === 'live' && some.reverses === undefined ? some : undefined;
  const inLog = async (work: (target: OpenTarget) => Promise<unknown>): Promise<void> => {
    await said(async () => String(await own.inLog(work)));
  };
  const replace = (change: Partial<NonNullable<typeof some>>): void => {
    if (live !== undefined) books.posted[books.posted.indexOf(live)] = { ...live, ...change };
  };
  switch (done) {
    case 'undo':
      return live && inLog((target) => target.undo({ voucher: live.reference }, async () => true));
    case 'hold':
      return live && inLog((target) => target.hold(live.reference));
    case 'release':
      return live && inLog((target) => target.release({ voucher: live.reference }));
    case 'lock':
      own.policy = { ...own.policy, lockedThrough: addDays(firstDate, pick % lastDay) };
      return undefined;
    case 'lock-there':
      books.lockedThrough = addDays(last, -(pick % 10));
      return undefined;
    case 'unlock':
      books.lockedThrough = undefined;
      own.policy = { versions: own.policy.versions };
      return undefined;
    case 'account':
      own.policy = { ...own.policy, versions: [{ ...version, accounts: { bank: `19${20 + (pick % 5)}` } }] };
      return undefined;
    case 'group':
      own.policy = { ...own.policy, versions: [{ ...version, grouping: pick % 2 === 0 ? 'payout' : 'date' }] };
      return undefined;
    case 'version':
      own.policy = {
        ...own.policy,
        versions: [version, { ...version, sales: { sale: '15' }, from: addDays(last, 1 + (pick % 3)) }],
      };
      return undefined;
    case 'edit':
      replace({ date: addDays(live?.date ?? last, 1) });
      return inLog((target) => target.verify());
    case 'accept':
      replace({ date: addDays(live?.date ?? last, (pick % 15) - 5) });
      return live && inLog((target) => target.settle(live.reference, { is: 'there', targetId: live.id, asItIs: true }));
    case 'delete':
      replace({ state: 'deleted' });
      return inLog((target) => target.verify());
    case 'reverse-there':
      replace({ state: 'reversed' });
      return inLog((target) =>
        live === undefined ? target.verify() : target.settle(live.reference, { is: 'not-there' }),
      );
    case 'invoice':
      return own.record(invoiceOf(addDays(last, -(pick % 6)), pick));
    case 'invoice-back':
      return own.change((open) => open.takeBackInvoice(1 + (pick % 2)));
    case 'bank-back':
      return own.change((open) => open.takeBackBankFile(`camt053-86011117947-${addDays(last, -(pick % 6))}.xml`));
    case 'forget':
    case 'damage':
      return own.alter((content) => (done === 'forget' ? '' : content.replace(/\d(?=\D*$)/, String(pick % 10))));
    default:
      return undefined;
  }
}

test('whatever comes, and whatever a person does in between, a night plans what it would plan from the cut-over', async () => {
  const booked = { going: 0, whole: 0 };
  await fc.assert(
    fc.asyncProperty(merchant, async ({ ledgers, quiet, grouping, hasBank, attaches, nights }) => {
      const own = new Merchant(grouping);
      own.books.attaches = attaches;
      const [version] = own.policy.versions as [PolicyInput['versions'][0]];
      if (hasBank) own.policy = { versions: [{ ...version, payouts: 'in-transit' }] };
      const trade = tradeOf(ledgers);
      const statements = hasBank ? statementsOf(trade) : [];
      const ids = ledgerIds.slice(0, ledgers[1] === undefined ? 1 : 2);
      const missed = new Set<PlainDate>();
      let there = 0;
      for (const [index, one] of nights.entries()) {
        const before = there;
        there = Math.min(lastDay, there + one.brings + (index === 0 ? 2 : 0));
        const last = addDays(firstDate, there - 1);
        if (one.misses !== undefined) missed.add(addDays(firstDate, before + one.misses));
        else missed.clear();
        const isOpen = ({ date, entries }: LedgerDate): boolean =>
          date > addDays(last, -one.open) ||
          (quiet !== undefined && date === addDays(firstDate, quiet) && entries.length === 0);
        const dates = trade.filter(({ date }) => date <= last && !missed.has(date));
        const readings = dates.map((date) =>
          isOpen(date)
            ? { ...date, accounts: { funds: { closed: false } }, entries: date.entries.slice(0, one.pick % 3) }
            : date,
        );
        await own.receive(readings, ids);
        if (index === 0) await own.connect();
        if (one.bankIsBehind !== undefined) await own.hear(statements.slice(0, Math.max(0, there - one.bankIsBehind)));
        await doOf(one, own, last);
        for (const step of ['as it is found', 'as it is left']) {
          const plans = await own.planBoth();
          expect(plans.going).toBe(plans.whole);
          booked.going += plans.booked.going;
          booked.whole += plans.booked.whole;
          if (step === 'as it is found') await said(() => own.deliver());
        }
      }
      own.remove();
    }),
    { numRuns: 12 },
  );
  // Most of it was not booked again.
  expect(booked.going).toBeLessThan(booked.whole);
}, 240_000);

test('a night with a bank that delivers each day, and an invoice each week, goes on too', async () => {
  const own = new Merchant();
  own.books.attaches = true;
  const [version] = own.policy.versions as [PolicyInput['versions'][0]];
  own.policy = { versions: [{ ...version, payouts: 'in-transit' }] };
  const plain = { sales: [1_000, 2_000], refunds: false, paysOut: true, isLate: false, isMixed: false };
  const trade = ledgerDates(
    ledgerIds[0],
    Array.from({ length: lastDay }, () => plain),
  );
  const statements = statementsOf(trade);
  for (let there = 5; there <= 20; there += 1) {
    await own.receive(trade.slice(0, there), [ledgerIds[0]]);
    if (there === 5) await own.connect();
    await own.hear(statements.slice(0, there));
    if (there % 7 === 0) await own.record(invoiceOf(addDays(firstDate, there - 1), there));
    await own.deliver();
  }
  const posted = (part: string): number => own.books.posted.filter(({ reference }) => reference.includes(part)).length;
  expect([posted('.B'), posted('.D')]).toEqual([18, 2]);
  const plans = await own.planBoth();
  expect(plans.going).toBe(plans.whole);
  expect(plans.booked.going).toBeLessThan(plans.booked.whole / 3);
  own.remove();
});
