import type { CheckState } from './check-state.ts';
import { absolute, decimalPlaces, toMillionths, toOre } from './decimal.ts';
import { textOf, type Node } from '../xml/node.ts';

/** Rule 10 for amounts in another currency: CurrencyAmount × ExchangeRate is Amount, wherever they stand in a record. */
export function checkCurrency(node: Node, bookCurrency: string, state: CheckState): void {
  for (const child of node.children) {
    if (child.children.length === 0) continue;
    if (child.children[0]?.name === 'Amount' && child.children.length > 1) checkAmounts(child, bookCurrency, state);
    checkCurrency(child, bookCurrency, state);
  }
}

function checkAmounts(node: Node, bookCurrency: string, state: CheckState): void {
  const [amount, inCurrency] = [textOf(node, 'Amount') ?? '', textOf(node, 'CurrencyAmount') ?? ''];
  const currency = textOf(node, 'CurrencyCode') ?? '';
  const rate = textOf(node, 'ExchangeRate') ?? (currency === bookCurrency ? '1' : undefined);
  const where = `${node.name}, line ${node.line}`;
  if (inCurrency.trim().startsWith('-') && !amount.trim().startsWith('-')) {
    const action = 'write the opposite debit or credit element instead of a sign';
    state.report(10, 'error', where, `the CurrencyAmount ${inCurrency.slice(0, 40)} is negative`, action);
  } else if (rate !== undefined && !isConverted(amount, inCurrency, rate)) {
    const shown = [inCurrency, currency, rate, amount].map((text) => text.slice(0, 40));
    const message = `${shown[0]} ${shown[1]} at ${shown[2]} is not the amount ${shown[3]}`;
    const action = 'see whether amount, rate (one unit in the currency of the books) or their place is wrong';
    state.report(10, 'error', where, message, action);
  }
}

/** Each of the three may have been rounded in the last place it shows. */
function isConverted(amount: string, inCurrency: string, rate: string): boolean {
  const [ore, units, factor] = [toOre(amount), toMillionths(inCurrency), toMillionths(rate)];
  if (ore === undefined || units === undefined || factor === undefined) return true;
  // The amount in 10⁻¹², as the product is.
  const difference = absolute(absolute(units * factor) - absolute(ore * 10n ** 10n));
  const roundedRate = absolute(units) * lastPlace(rate);
  const roundedUnits = absolute(factor) * lastPlace(inCurrency);
  return difference <= roundedRate + roundedUnits + 10n ** 10n;
}

/** A unit in the last place of a decimal, in millionths: a hundredth at most, since a whole number is seldom a rounded one. */
function lastPlace(text: string): bigint {
  return 10n ** BigInt(6 - Math.min(6, Math.max(2, decimalPlaces(text))));
}
