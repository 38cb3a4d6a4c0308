import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, ledgerEntry, plainDate, type Amount, type LedgerEntry } from '../src/index.ts';
import { balanceSteps, chainEnds, drawTogether, stepInOrder, type BalanceStep } from '../src/ledger/balance-chain.ts';
import { runs } from './property-runs.ts';

const chain = (start: number, amounts: readonly number[]): BalanceStep[] => {
  let balance = start;
  return amounts.map((value) => {
    const before = amount(balance);
    balance += value;
    return { before, after: amount(balance) };
  });
};

const entry = (balances: Partial<LedgerEntry>): LedgerEntry => ({
  ...ledgerEntry({
    ledgerId: '302321',
    account: 'funds',
    ledgerDate: plainDate('2026-03-02'),
    type: 'capture',
    amount: amount(5),
    currency: 'NOK',
    pspReference: null,
    reference: null,
    salesUnit: null,
    time: null,
  }),
  ...balances,
});

const told = ({ before, after }: BalanceStep): LedgerEntry => entry({ balanceBefore: before, balanceAfter: after });

describe('the chain of running balances', () => {
  test('is found in any order, although balances repeat', () => {
    const amounts = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), amounts, fc.infiniteStream(fc.nat()), (start, values, random) => {
        const steps = chain(start, values);
        const shuffled = steps
          .map((step) => ({ step, order: random.next().value }))
          .sort((a, b) => a.order - b.order)
          .map(({ step }) => step);
        const end = amount(start + values.reduce((total, value) => total + value, 0));
        expect(chainEnds(shuffled, amount(start))).toEqual({ opening: amount(start), closing: end });
      }),
      runs(1000),
    );
  });

  test('is one step where it comes in order, and tells the same as all of its steps', () => {
    const amounts = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), amounts, fc.nat(30), (start, values, known) => {
        const steps = chain(start, values);
        const step = stepInOrder([...steps.map(told), { ...told(steps[0] as BalanceStep), account: 'fees' }], 'funds');
        const isCircle = values.reduce((total, value) => total + value, 0) === 0;
        expect(step === undefined).toBe(isCircle);
        if (step === undefined) return;
        expect(chainEnds([step], amount(known))).toEqual(chainEnds(steps, amount(known)));
        expect(drawTogether([step])).toEqual(drawTogether(steps));
      }),
      runs(1000),
    );
  });

  test('is not one step where entries are missing, stand in another order, or do not tell', () => {
    const steps = chain(0, [100, 200, -50, 25]);
    expect(stepInOrder(steps.toSpliced(1, 1).map(told), 'funds')).toBeUndefined();
    expect(stepInOrder(steps.toReversed().map(told), 'funds')).toBeUndefined();
    expect(stepInOrder([...steps.map(told), entry({})], 'funds')).toBeUndefined();
    expect(stepInOrder([], 'funds')).toBeUndefined();
  });

  test('a lost step in the middle leaves a gap', () => {
    const steps = chain(0, [100, 200, -50, 25]);
    expect(chainEnds(steps.toSpliced(1, 1), undefined)).toBeUndefined();
  });

  test('a lost step leaves a gap although the balances on both sides were there before', () => {
    const lost = (...amounts: readonly number[]): unknown =>
      chainEnds(chain(0, amounts).toSpliced(amounts.length - 2, 1), undefined);
    // 100 is left to 50 and to 200, and nobody knows how 50 became 100.
    expect(lost(100, -50, 50, 100)).toBeUndefined();
    // Twice from 0 to 100, and nobody knows how 100 became 0.
    expect(lost(100, -100, 100)).toBeUndefined();
  });

  test('a circle begins where the balance stood, or anywhere on it', () => {
    const steps = chain(500, [70, -70]);
    expect(chainEnds(steps, amount(570))).toEqual({ opening: 570, closing: 570 });
    expect(chainEnds(steps, amount(7))).toEqual({ opening: 500, closing: 500 });
    expect(chainEnds(steps, undefined)).toEqual({ opening: 500, closing: 500 });
  });

  test('an entry that tells only one of its balances is no step', () => {
    const [before, after] = [{ balanceBefore: amount(1) }, { balanceAfter: amount(6) }];
    expect(balanceSteps([entry({ ...before, ...after })])).toEqual([{ before: 1, after: 6 }]);
    expect(balanceSteps([entry(before)])).toBeUndefined();
    expect(balanceSteps([entry(after)])).toBeUndefined();
  });

  test('a circle apart from the rest is a gap', () => {
    const steps: BalanceStep[] = [...chain(0, [100]), ...chain(500, [70, -70])];
    expect(chainEnds(steps, undefined)).toBeUndefined();
  });

  test('drawn together, only the gaps are left, and a circle as a point', () => {
    const steps = [...chain(0, [100, 200]), ...chain(250, [25, -75]), ...chain(500, [70, -70])];
    const point = { before: expect.toBeOneOf([500, 570]) as number, after: expect.toBeOneOf([500, 570]) as number };
    expect(drawTogether(steps)).toEqual([{ before: 0, after: 300 }, { before: 250, after: 200 }, point]);
    expect(drawTogether([...drawTogether(steps), ...chain(300, [-50])])).toEqual([{ before: 0, after: 200 }, point]);
  });

  test('no steps stay where the balance stood', () => {
    expect(chainEnds([], amount(7))).toEqual({ opening: 7, closing: 7 });
    expect(chainEnds([], undefined as Amount | undefined)).toBeUndefined();
  });
});
