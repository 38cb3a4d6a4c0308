import fc from 'fast-check';
import {
  addDays,
  amount,
  ledgerEntry,
  plainDate,
  type LedgerDate,
  type LedgerEntry,
  type PolicyInput,
} from '../src/index.ts';
import { policy } from './ledger-text.ts';

/** A ledger as the provider keeps it: both accounts, unbroken chains, twins of retained fees, payouts last. */
export interface GeneratedLedger {
  readonly dates: readonly LedgerDate[];
  readonly policy: PolicyInput;
  readonly fees: boolean;
}

const fundsTypes = [
  'capture',
  'capture',
  'capture',
  'refund',
  'correction',
  'top-up',
  'credit-note',
  'retained-disputed-capture',
  'returned-disputed-capture',
  'payout-aborted',
  'market-bonus',
] as const;
const feesTypes = [
  'capture-fee',
  'capture-fee',
  'service-fee',
  'correction',
  'credit-note',
  'fees-invoiced',
  'loyalty',
] as const;
const units = ['api:1', 'api:2', 'NO:3', null] as const;

const value = fc.oneof(fc.integer({ min: -50_000, max: 500_000 }), fc.constantFrom(0, 1, -1, 14, 10_000_000_000));

const day = fc.record({
  funds: fc.array(fc.record({ type: fc.constantFrom(...fundsTypes), value, unit: fc.constantFrom(...units) }), {
    maxLength: 8,
  }),
  fees: fc.array(fc.record({ type: fc.constantFrom(...feesTypes), value, unit: fc.constantFrom(...units) }), {
    maxLength: 5,
  }),
  retained: fc.option(value, { nil: undefined }),
  paysOut: fc.boolean(),
  gapDays: fc.integer({ min: 1, max: 12 }),
});

const choices: fc.Arbitrary<PolicyInput> = fc
  .record({
    revenue: fc.constantFrom('sales', 'receivable', 'already-booked'),
    disputes: fc.constantFrom('receivable', 'refund'),
    payouts: fc.constantFrom('direct', 'in-transit'),
    lines: fc.constantFrom('entry', 'summary'),
    sale: fc.constantFrom('25', '12', 'exempt'),
  })
  .map(({ revenue, sale, ...rest }) =>
    policy({
      ...rest,
      sales: { sale },
      salesUnits: { 'api:1': { dimensions: { department: '10' } }, 'api:2': { revenue, sale: '15' } },
      fees: { vat: { kind: 'contained', code: '0', rateBasisPoints: 0, account: null } },
    }),
  );

/** Ledgers of a few weeks, across month ends, with every type and awkward amounts. */
export const generatedLedger: fc.Arbitrary<GeneratedLedger> = fc
  .record({ days: fc.array(day, { minLength: 1, maxLength: 6 }), opening: value, fees: fc.boolean(), written: choices })
  .map(({ days, opening, fees, written }) => {
    const balances = { funds: opening, fees: 0 };
    let date = plainDate('2026-01-20');
    let serial = 0;
    const dates = days.map((one): LedgerDate => {
      date = addDays(date, one.gapDays);
      const entries: LedgerEntry[] = [];
      const put = (account: 'funds' | 'fees', type: string, own: number, unit: string | null): void => {
        const before = balances[account];
        balances[account] += own;
        serial += 1;
        entries.push(
          ledgerEntry({
            ledgerId: '700001',
            account,
            ledgerDate: date,
            type,
            amount: amount(own),
            currency: 'NOK',
            pspReference: `p${serial % 7}`,
            reference: null,
            salesUnit: unit,
            time: null,
            balanceBefore: amount(before),
            balanceAfter: amount(balances[account]),
          }),
        );
      };
      for (const entry of one.funds) put('funds', entry.type, entry.value, entry.unit);
      if (fees) for (const entry of one.fees) put('fees', entry.type, entry.value, entry.unit);
      if (one.retained !== undefined) {
        if (fees) put('fees', 'fees-retained', -one.retained, null);
        put('funds', 'fees-retained', one.retained, null);
      }
      if (one.paysOut) put('funds', 'payout-scheduled', -balances.funds, null);
      const closed = { closed: true };
      return {
        ledgerId: '700001',
        date,
        currency: 'NOK',
        accounts: { funds: closed, ...(fees ? { fees: closed } : {}) },
        entries,
      };
    });
    return { dates, fees, policy: { ...written, openings: { '700001': { funds: opening } } } };
  });
