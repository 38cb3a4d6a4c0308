import { BilagError } from '@bilag/core';
import { electronicFormatIBAN, extractIBAN, isValidIBAN } from 'ibantools';

/**
 * What an account is known by, however it is written: the digits of its national number. `NO93 8601 1117 947` and
 * `8601.11.17947` are one account. Throws `rejected` for an IBAN that cannot be one.
 *
 * @example
 * ```ts
 * import { accountKey } from '@bilag/bank';
 *
 * accountKey('NO93 8601 1117 947'); // => '86011117947'
 * accountKey('8601.11.17947'); // => '86011117947'
 * ```
 */
export function accountKey(text: string): string {
  const compact = electronicFormatIBAN(text.replaceAll('.', '')) ?? '';
  if (!/^[A-Z]{2}\d/.test(compact)) {
    if (/^\d{4,34}$/.test(compact)) return compact;
    throw notAnAccount(text, 'write its digits, or its IBAN');
  }
  if (!isValidIBAN(compact)) throw notAnAccount(text, 'an IBAN has a check digit: see whether one was mistyped');
  const { bban } = extractIBAN(compact);
  return bban ?? compact;
}

/** An account as a person may see it in a report: its last four digits tell it from the others. */
export function shownAccount(account: string): string {
  return account.length > 4 ? `…${account.slice(-4)}` : account;
}

function notAnAccount(text: string, action: string): BilagError {
  const shown = text.length > 34 ? `${text.slice(0, 34)}…` : text;
  return new BilagError('rejected', { what: `"${shown}" is not a bank account`, where: 'the account number', action });
}
