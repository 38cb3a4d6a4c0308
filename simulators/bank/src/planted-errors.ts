import { add, amount, negate, type Amount, type PlainDate } from '@bilag/core';
import type { BankPayment } from './bank-account.ts';

/**
 * What goes wrong at a bank. `reversed`: taken back and sent again with the same text. `wrong-amount`: some øre too many.
 * `missing`: the line never comes. `doubled`: it comes again the next day. `other-account`: it comes to another account.
 */
export type PlantedKind = 'reversed' | 'wrong-amount' | 'missing' | 'doubled' | 'other-account';

/** An error that was planted: what to look for. */
export interface PlantedError {
  readonly kind: PlantedKind;
  readonly on: PlainDate;
  readonly amount: Amount;
  readonly text: string;
}

/** Payments with errors in them. */
export interface PlantedPayments {
  /** What comes to the account that it should. */
  readonly payments: readonly BankPayment[];
  /** What comes to another. */
  readonly elsewhere: readonly BankPayment[];
  readonly planted: readonly PlantedError[];
}

/**
 * Plants errors, each in the payment of a place in the list; what follows on another day comes on the day that `later` gives. Pure.
 *
 * @example
 * ```ts
 * import { amount, plainDate } from '@bilag/core';
 * import { plantErrors } from '@bilag/simulator-bank';
 *
 * const on = plainDate('2026-01-05');
 * const payment = { on, amount: amount(15000), text: 'Utb. 2000045 Vippsnr 57860' };
 * plantErrors([payment], [{ kind: 'missing', at: 0 }], () => on).payments; // => []
 * ```
 */
export function plantErrors(
  payments: readonly BankPayment[],
  errors: readonly { readonly kind: PlantedKind; readonly at: number }[],
  later: (date: PlainDate) => PlainDate,
): PlantedPayments {
  const elsewhere: BankPayment[] = [];
  const planted: PlantedError[] = [];
  const kindAt = new Map(errors.map(({ kind, at }) => [at, kind]));
  const here = payments.flatMap((payment, index): readonly BankPayment[] => {
    const kind = kindAt.get(index);
    if (kind === undefined) return [payment];
    planted.push({ kind, on: payment.on, amount: payment.amount, text: payment.text });
    const on = later(payment.on);
    if (kind === 'missing') return [];
    if (kind === 'wrong-amount') return [{ ...payment, amount: add(payment.amount, amount(27)) }];
    if (kind === 'doubled') return [payment, { ...payment, on }];
    if (kind === 'reversed') {
      return [
        payment,
        { ...payment, on, amount: negate(payment.amount), isReversal: true },
        { ...payment, on: later(on) },
      ];
    }
    elsewhere.push(payment);
    return [];
  });
  return { payments: here, elsewhere, planted };
}
