import { expect, test } from 'vitest';
import { amount, exactNumber, formatAmount } from '../src/index.ts';

test('an amount is written into JSON to the last digit, as no float would be', () => {
  const largest = formatAmount(amount(Number.MAX_SAFE_INTEGER));
  const texts = ['0.10', '-7.00', largest];
  expect(JSON.stringify({ amounts: texts.map(exactNumber) })).toBe(`{"amounts":[0.10,-7.00,${largest}]}`);
  expect(largest).toBe('90071992547409.91');
});
