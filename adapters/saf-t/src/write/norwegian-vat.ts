import { addDays, amount, BilagError, named, type Amount, type PlainDate, type Voucher } from '@bilag/core';
import type { Profile } from '../profile.ts';

/** A rate of eight decimals at most, as a whole number: kroner for one unit, times 10⁸. */
const scale = 100_000_000n;

/** Norges Bank gives no rate on a day when banks are closed: Easter and Christmas make five in a row. */
const mostDaysBack = 6;

/**
 * VAT of books in another currency, in Norwegian kroner (bokføringsloven § 4-2): by the rate of the voucher's date, of its month,
 * or of the last day before it that has one.
 */
export class NorwegianVat {
  readonly #rates: Readonly<Record<string, string>>;
  #last: { readonly date: PlainDate; readonly rate: bigint } | undefined;

  constructor(rates: Readonly<Record<string, string>>) {
    this.#rates = rates;
  }

  /** An amount in øre, half an øre away from zero. Throws `config` where no rate is known. */
  inOre(minorUnits: number, voucher: Voucher): Amount {
    const rate = this.#rateOf(voucher);
    const scaled = BigInt(minorUnits) * rate;
    const half = scaled < 0n ? -scale / 2n : scale / 2n;
    return amount(Number((scaled + half) / scale));
  }

  #rateOf({ date, key }: Voucher): bigint {
    if (this.#last?.date === date) return this.#last.rate;
    const text = this.#textOf(date);
    if (text === undefined) {
      throw new BilagError('config', {
        what: `no rate tells what VAT of ${date} is in kroner`,
        where: `voucher ${key}`,
        action: `give "nokRates" the rate of ${date}, or of the month ${date.slice(0, 7)}`,
      });
    }
    const [whole = '', decimals = ''] = text.split('.');
    const rate = BigInt(whole + decimals.padEnd(8, '0'));
    this.#last = { date, rate };
    return rate;
  }

  #textOf(date: PlainDate): string | undefined {
    const own = named(this.#rates, date) ?? named(this.#rates, date.slice(0, 7));
    if (own !== undefined) return own;
    for (let back = 1; back <= mostDaysBack; back += 1) {
      const earlier = named(this.#rates, addDays(date, -back));
      if (earlier !== undefined) return earlier;
    }
    return undefined;
  }
}

/** VAT that cannot be told in kroner. */
export function withoutKroner(voucher: Voucher, profile: Profile): BilagError {
  return new BilagError('unsupported', {
    what: `VAT in ${voucher.currency} cannot be told in NOK, as a Norwegian VAT subject must`,
    where: `voucher ${voucher.key}`,
    action: profile.vatInKroner
      ? 'give the rates in "nokRates" of this target, by date or by month'
      : `write version 1.40 with "nokRates": ${profile.version} has no room for it; or keep the books of a VAT subject in NOK`,
  });
}
