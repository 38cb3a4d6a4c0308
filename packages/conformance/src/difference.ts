import {
  expectedLines,
  formatAmount,
  type Amount,
  type Posted,
  type PostedLine,
  type ServiceAdapter,
  type Voucher,
} from '@bilag/core';

/**
 * Where what was read back is not the voucher, in words: its date, its currency, or the first place (account, VAT code,
 * dimensions) with another sum. Undefined where the two have the same digest.
 */
export function differenceOf(
  posted: Posted,
  voucher: Voucher,
  adapter: Pick<ServiceAdapter, 'vat' | 'vatCodes'>,
): string | undefined {
  if (posted.date !== voucher.date) return `its date is read back as ${posted.date}, and should be ${voucher.date}`;
  if (posted.currency !== voucher.currency) {
    return `its currency is read back as ${posted.currency}, and should be ${voucher.currency}`;
  }
  const [held, wanted] = [sumsOf(posted.lines), sumsOf(expectedLines(voucher, adapter))];
  const place = [...wanted.keys(), ...held.keys()].find((one) => held.get(one) !== wanted.get(one));
  return place === undefined
    ? undefined
    : `${place} is read back as ${shown(held.get(place))}, and should be ${shown(wanted.get(place))}`;
}

/** `account 3000, VAT code 3, department 10` → its sum. */
function sumsOf(lines: readonly PostedLine[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { account, amount, vatCode = '0', dimensions = {} } of lines) {
    const parts = Object.entries(dimensions).map(([type, value]) => `${type} ${value}`);
    const place = [`account ${account}`, vatCode === '0' ? 'no VAT code' : `VAT code ${vatCode}`, ...parts.sort()].join(
      ', ',
    );
    sums.set(place, (sums.get(place) ?? 0) + amount);
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0));
}

function shown(sum: number | undefined): string {
  return sum === undefined ? 'nothing' : formatAmount(sum as Amount);
}
