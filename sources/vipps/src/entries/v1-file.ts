import type { LedgerDate } from '@bilag/core';
import { parseJson } from '@bilag/http';
import { z } from 'zod';
import { checked } from './checked.ts';
import { ledgerDatesFromV1Places, type LedgerDatesV1Options } from './ledger-dates.ts';

/** How an archived v1 file is to be read. */
export interface V1FileOptions extends LedgerDatesV1Options {
  /** The name of the file, for errors. */
  readonly name?: string;
}

/**
 * Reads an archived v1 reply (`{cursor, items}`), several of them in a list, or a bare list of rows. Decimals are read from the text of the
 * file and never become floats. Throws `rejected` with line and column when it is not JSON.
 *
 * @example
 * ```ts
 * import { readV1File } from '@bilag/vipps';
 *
 * const text = `{"cursor": "", "items": [{"transactionId": "1", "ledgerDate": "2022-10-01", "ledgerId": "302321",
 *   "transactionType": "capture", "currency": "NOK", "ledgerAmount": 7.89, "grossAmount": 9, "fee": 1.11}]}`;
 * const [day] = readV1File(text, { settlement: 'net', amounts: 'major-decimals' });
 * day?.entries.length; // => 2
 * ```
 */
export function readV1File(text: string, options: V1FileOptions): LedgerDate[] {
  return readV1Files([{ name: options.name ?? 'v1 file', text }], options);
}

/** An archived file, not yet read. */
export interface V1File {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads archived v1 files that belong together. A payment that two of them have counts once, also where its time is spelt
 * otherwise; where they differ in nothing but time or id, both are booked, with a warning (`perhaps-twice`) that names the
 * files. Throws as {@link readV1File} does.
 */
export function readV1Files(files: readonly V1File[], options: LedgerDatesV1Options): LedgerDate[] {
  return ledgerDatesFromV1Places(
    files.map(({ name, text }) => ({ where: name, rows: rowsOf(text, name) })),
    options,
  );
}

function rowsOf(text: string, where: string): readonly unknown[] {
  const value = parseJson(text.replace(/^\uFEFF/, ''), { where, numbers: 'text' });
  return checked(fileShape, value, { where, action: 'give the reply as it was archived; nothing of it was used' });
}

const reply = z.object({ items: z.array(z.unknown()) });

const fileShape = z.union([
  reply.transform(({ items }) => items),
  z
    .array(reply)
    .nonempty()
    .transform((replies) => replies.flatMap(({ items }) => items)),
  z.array(z.unknown()),
]);
