import {
  add,
  type Amount,
  amount,
  BilagError,
  decimalsOf,
  type Finding,
  isPlainDate,
  type LedgerEntry,
  ledgerEntry,
  negate,
  parseAmount,
  type PlainDate,
  subtract,
} from '@bilag/core';
import { z } from 'zod';
import { checked } from './checked.ts';
import type { ReadEntries } from './entries-v2.ts';
import { normaliseRecipientHandle } from './recipient-handle.ts';
import { typeOf } from '../profile.ts';

/** How v1 rows are to be read. Neither can be seen from the data with certainty, so both must be stated. */
export interface V1Format {
  /** `net`: the fee is withheld, `ledgerAmount = grossAmount − fee`. `gross`: it is invoiced, `ledgerAmount = grossAmount`. */
  readonly settlement: 'net' | 'gross';
  /** The user's documents show decimals in major units (`7.89`), the old specification whole minor units (`789`). */
  readonly amounts: 'major-decimals' | 'minor-integers';
}

export interface EntriesV1Options extends V1Format {
  /** The ledger asked for; absent for a file with rows of several ledgers. */
  readonly ledgerId?: string;
  readonly where?: string;
}

/**
 * Turns v1 rows into entries, in the order received. A row becomes an entry of its own type with the gross amount on
 * funds and, when there is a fee, a `capture-fee` that shares its id: on funds when it was withheld, on fees when it is
 * invoiced. A row that does not fit the stated settlement gives an error finding, and its entries still move funds by
 * exactly its `ledgerAmount`.
 *
 * Amounts may be text or numbers. Numbers are read by their shortest decimal form, which is exact for two decimals.
 */
export function toEntriesV1(rows: readonly unknown[], options: EntriesV1Options): ReadEntries {
  const { entries, findings } = readRowsV1(rows, options);
  return { entries, findings };
}

/** The entries of rows, and of each fee the entry it stands beside: two rows may share an id and have the same fee. */
export function readRowsV1(
  rows: readonly unknown[],
  options: EntriesV1Options,
): ReadEntries & { readonly besides: ReadonlyMap<LedgerEntry, LedgerEntry> } {
  const where = options.where ?? (options.ledgerId === undefined ? 'v1 rows' : `ledger ${options.ledgerId}, v1`);
  const parsed = checked(rowsV1, rows, {
    where,
    action: 'mend the file, or fetch it again; nothing of it was used',
  });
  const entries: LedgerEntry[] = [];
  const findings: Finding[] = [];
  const besides = new Map<LedgerEntry, LedgerEntry>();
  for (const [index, row] of parsed.entries()) {
    const amounts = amountsOf(row, options, `${where}, row ${index}`);
    const made = entriesOf(row, amounts, options.settlement);
    entries.push(...made);
    const [own, fee] = made;
    if (own !== undefined && fee !== undefined) besides.set(fee, own);
    if (!amounts.fits) findings.push(doesNotFit(made, options.settlement, where));
  }
  return { entries, findings, besides };
}

const decimal = z.union([z.string(), z.number()]).transform(String);

const rowV1 = z.object({
  transactionId: z.string().nullish(),
  timestamp: z.string().nullish(),
  ledgerDate: z
    .string()
    .refine(isPlainDate, 'not a date')
    .transform((text) => text as PlainDate),
  ledgerId: z.string().min(1),
  transactionType: z.string().min(1),
  orderId: z.string().nullish(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'not a currency code'),
  ledgerAmount: decimal,
  grossAmount: decimal.nullish(),
  fee: decimal.nullish(),
  recipientHandle: z.string().nullish(),
});

const rowsV1 = z.array(rowV1);

type RowV1 = z.output<typeof rowV1>;

interface RowAmounts {
  /** What the row's own entry moves, so that the entries together move funds by exactly `ledgerAmount`. */
  readonly gross: Amount;
  readonly fee: Amount;
  readonly fits: boolean;
}

function amountsOf(row: RowV1, format: V1Format, where: string): RowAmounts {
  const read = (field: 'ledgerAmount' | 'grossAmount' | 'fee'): Amount | undefined => {
    const text = row[field];
    return text === null || text === undefined ? undefined : amountOf(text, format, row.currency, `${where}, ${field}`);
  };
  const ledger = read('ledgerAmount') ?? amount(0);
  const fee = read('fee') ?? amount(0);
  const gross = format.settlement === 'net' ? add(ledger, fee) : ledger;
  const stated = read('grossAmount');
  return { gross, fee, fits: stated === undefined || subtract(stated, gross) === 0 };
}

function amountOf(text: string, format: V1Format, currency: string, where: string): Amount {
  const decimals = format.amounts === 'minor-integers' ? 0 : decimalsOf(currency);
  if (!patterns[decimals]?.test(text)) {
    const unit =
      decimals === 0 ? 'a whole number of minor units' : `a decimal in major units with at most ${decimals} decimals`;
    throw new BilagError('rejected', {
      what: `the amount is not ${unit}`,
      where,
      action: 'check the configured unit of the amounts, then the file',
    });
  }
  return parseAmount(text, decimals);
}

/** By the number of decimals that may be other than zero: none is written, or none is lost. */
const patterns: Readonly<Record<number, RegExp>> = {
  0: /^-?\d+$/,
  2: /^-?\d+(?:\.\d{1,2}0*)?$/,
  3: /^-?\d+(?:\.\d{1,3}0*)?$/,
};

function entriesOf(row: RowV1, amounts: RowAmounts, settlement: V1Format['settlement']): LedgerEntry[] {
  const shared = {
    ledgerId: row.ledgerId,
    ledgerDate: row.ledgerDate,
    currency: row.currency,
    pspReference: row.transactionId || null,
    reference: row.orderId || null,
    salesUnit: normaliseRecipientHandle(row.recipientHandle),
    // Kept as received: `+0200` without a colon is no time that parsers agree on.
    time: row.timestamp || null,
  };
  const own = ledgerEntry({ ...shared, account: 'funds', ...typeOf(row.transactionType), amount: amounts.gross });
  if (amounts.fee === 0) return [own];
  const account = settlement === 'net' ? ('funds' as const) : ('fees' as const);
  return [own, ledgerEntry({ ...shared, account, type: 'capture-fee', amount: negate(amounts.fee) })];
}

function doesNotFit(entries: readonly LedgerEntry[], settlement: V1Format['settlement'], where: string): Finding {
  const [own] = entries;
  const rule = settlement === 'net' ? 'ledgerAmount = grossAmount − fee' : 'ledgerAmount = grossAmount';
  return {
    code: 'v1-row-does-not-fit-settlement',
    severity: 'error',
    message: `row ${own?.pspReference ?? 'without an id'} does not keep ${rule}, as ${settlement} settlement does`,
    where,
    action: 'check whether the ledger is settled net or gross; the entries follow ledgerAmount',
    ...(own === undefined ? {} : { ledgerId: own.ledgerId, date: own.ledgerDate }),
    facts: entries.map(({ id }) => id),
  };
}
