import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, type Amount } from '../src/index.ts';
import { chainEnds, drawTogether, type BalanceStep } from '../src/balance-chain.ts';

const chain = (start: number, amounts: readonly number[]): BalanceStep[] => {
  let balance = start;
  return amounts.map((value) => {
    const before = amount(balance);
    balance += value;
    return { before, after: amount(balance) };
  });
};

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
      { numRuns: 1000 },
    );
  });

  test('a lost step in the middle leaves a gap', () => {
    const steps = chain(0, [100, 200, -50, 25]);
    expect(chainEnds(steps.toSpliced(1, 1), undefined)).toBeUndefined();
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
