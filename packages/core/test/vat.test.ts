import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addedVat, amount, containedVat } from '../src/index.ts';
import { netOf } from '../src/money/vat.ts';
import { runs } from './property-runs.ts';

describe('VAT contained in a gross amount', () => {
  test('25 % of 1 to 10 øre', () => {
    const grosses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(grosses.map((gross) => containedVat(amount(gross), 2500))).toEqual([0, 0, 1, 1, 1, 1, 1, 2, 2, 2]);
  });

  test('ties, which only 12 % has, go away from zero on both sides', () => {
    expect([14, 42, 70].map((gross) => containedVat(amount(gross), 1200))).toEqual([2, 5, 8]);
    expect([-14, -42, -70].map((gross) => containedVat(amount(gross), 1200))).toEqual([-2, -5, -8]);
  });

  test.each([
    [12_500, 2500, 2500],
    [485_000, 1200, 51_964],
    [12_550, 2550, 2550],
    [11_350, 1350, 1350],
    [10_000, 1111, 1000],
    [99, 1500, 13],
    // Just beyond what a float product holds: one øre more there.
    [4_847_792_925_047, 929, 412_077_923_631],
  ])('%i øre at %i basis points holds %i', (gross, rate, vat) => {
    expect(containedVat(amount(gross), rate)).toBe(vat);
  });

  test('agrees with exact arithmetic, also for amounts beyond float products', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 10_000 }), (gross, rate) => {
        const doubled = BigInt(Math.abs(gross)) * BigInt(2 * rate) + BigInt(10_000 + rate);
        const magnitude = Number(doubled / BigInt(2 * (10_000 + rate)));
        const vat = containedVat(amount(gross), rate);
        expect(Math.abs(vat)).toBe(magnitude);
        expect(netOf(amount(gross), rate) + vat).toBe(gross === 0 ? 0 : gross);
        expect(containedVat(amount(-gross), rate) + vat).toBe(0);
      }),
      runs(2000),
    );
  });

  test('VAT on top of a net amount, for reverse charge', () => {
    expect(addedVat(amount(1000), 2500)).toBe(250);
    expect(addedVat(amount(-2), 2500)).toBe(-1);
  });
});
