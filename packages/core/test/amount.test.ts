import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, amount, decimalsOf, formatAmount, isBilagError, negate, parseAmount, sum } from '../src/index.ts';
import { runs } from './property-runs.ts';

describe('amounts are whole numbers of minor units', () => {
  test('decimal text becomes øre exactly, where floats would not', () => {
    const texts = ['7.89', '9', '0.00', '-6', '1.15', '8.29', '4.35', '16511.71', '-0.01', '+2.50', '1.500'];
    expect(texts.map((text) => parseAmount(text))).toEqual([789, 900, 0, -600, 115, 829, 435, 1651171, -1, 250, 150]);
  });

  test.each(['', '1,50', '1.555', '1e3', ' 1', '1 000', '0x10', 'NaN', '--1', '1.', '.5'])('refuses "%s"', (text) => {
    expect(() => parseAmount(text)).toThrow(/is not an amount/);
  });

  test.each([0.5, Number.NaN, Infinity, 2 ** 53])('refuses %s minor units', (value) => {
    expect(() => amount(value)).toThrow(/whole number of minor units/);
    expect(thrownBy(() => amount(value))).toMatchObject({ kind: 'rejected' });
  });

  test('an overflow throws instead of losing øre', () => {
    const largest = amount(Number.MAX_SAFE_INTEGER);
    expect(() => add(largest, amount(1))).toThrow(/whole number/);
    expect(() => sum([largest, largest])).toThrow(/whole number/);
    expect(() => parseAmount('90071992547409.93')).toThrow(/whole number/);
  });

  test('minus zero is zero', () => {
    expect(Object.is(amount(-0), 0)).toBe(true);
    expect(Object.is(negate(amount(0)), 0)).toBe(true);
    expect(Object.is(parseAmount('-0.00'), 0)).toBe(true);
  });

  test('currencies without decimals and with three', () => {
    expect(formatAmount(amount(1250), 0)).toBe('1250');
    expect(formatAmount(amount(-5), 3)).toBe('-0.005');
    expect(parseAmount('1250', 0)).toBe(1250);
    expect(['NOK', 'EUR', 'JPY', 'ISK', 'KWD'].map(decimalsOf)).toEqual([2, 2, 0, 0, 3]);
    expect(() => parseAmount('12.5', 0)).toThrow(/at most 0 decimals/);
  });

  test('what is shown reads back as the same amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom(0, 2, 3), (value, decimals) => {
        expect(parseAmount(formatAmount(amount(value), decimals), decimals)).toBe(value === 0 ? 0 : value);
      }),
      runs(100),
    );
  });

  test('an error says what, where and what to do now', () => {
    const error = thrownBy(() => parseAmount('1,50'));
    expect(isBilagError(error)).toBe(true);
    expect(error).toMatchObject({
      kind: 'rejected',
      what: '"1,50" is not an amount with at most 2 decimals',
      where: 'parseAmount()',
      action: 'give decimal text in major units with a point, such as -1234.50',
    });
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
