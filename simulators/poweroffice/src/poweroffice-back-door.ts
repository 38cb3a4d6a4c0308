import { amount, BilagError, type Amount, type PlainDate } from '@bilag/core';
import type { HeldLedgerVoucher, TypedLedgerRow } from './books/held-ledger-voucher.ts';
import type { LedgerLineDraft, LedgerVoucherDraft } from './books/poweroffice-books.ts';
import type { PowerOfficeClient } from './books/poweroffice-client.ts';
import type { PowerOfficePrivilege } from './poweroffice-options.ts';

/** A voucher as a person types it in. */
export interface TypedLedgerVoucher {
  readonly date: PlainDate;
  readonly description: string;
  readonly rows: readonly TypedLedgerRow[];
}

/** How a voucher is kept otherwise than it came: what is given replaces what was sent. */
export interface LedgerAlteration {
  readonly date?: PlainDate;
  readonly description?: string;
  readonly externalImportReference?: string | null;
  /** Of the lines that were sent, those that are kept. */
  readonly lines?: (lines: readonly LedgerLineDraft[]) => readonly LedgerLineDraft[];
}

/** Looks into one client without asking over HTTP, and does what people do in it. */
export interface PowerOfficeClientBackDoor {
  /** Every voucher, oldest first, with its lines as posted and its transactions as booked. */
  vouchers(): readonly HeldLedgerVoucher[];
  /** Those that carry exactly this reference, reversed ones too. */
  holding(externalImportReference: string): readonly HeldLedgerVoucher[];
  /** The balance of each account, debit − credit. */
  balances(): Readonly<Record<string, Amount>>;
  type(voucher: TypedLedgerVoucher): HeldLedgerVoucher;
  /** A person's reversal of any voucher. */
  reverse(id: string): HeldLedgerVoucher;
  /** A person's correction: the voucher is reversed, and another with these rows posted in its place. */
  correct(id: string, rows: readonly TypedLedgerRow[]): HeldLedgerVoucher;
  /** The one thing that people can change of a posted voucher itself. */
  describe(id: string, description: string): void;
  /** Keeps the next voucher that is posted otherwise than it came. */
  alterNext(alteration: LedgerAlteration): void;
  /** Locks everything on or before the date; nothing with `undefined`. */
  lockThrough(date: PlainDate | undefined): void;
  /** Gives or takes a right of the integration. */
  allow(privilege: PowerOfficePrivilege, may: boolean): void;
}

/** How tests look behind a simulated PowerOffice Go. */
export interface PowerOfficeBackDoor {
  /** The first client, or the one with this number. Errors: `not-found`. */
  client(number?: number): PowerOfficeClientBackDoor;
}

export function powerOfficeBackDoor(clients: readonly PowerOfficeClient[]): PowerOfficeBackDoor {
  return {
    client(number = clients[0]?.options.number ?? 0) {
      const client = clients.find(({ options }) => options.number === number);
      if (client !== undefined) return clientBackDoor(client);
      throw new BilagError('not-found', {
        what: `no client has the number ${number}`,
        where: 'PowerOfficeBackDoor.client()',
        action: 'ask for one of the clients the simulator was started with',
      });
    },
  };
}

function clientBackDoor({ books, withheld }: PowerOfficeClient): PowerOfficeClientBackDoor {
  return {
    vouchers: () => books.vouchers(),
    holding: (wanted) => books.vouchers().filter((held) => held.externalImportReference === wanted),
    balances: () => books.balances(),
    type: ({ date, description, rows }) =>
      books.post({ ...typedHeader, date, description, lines: draftsOf(rows, { date, description }) }),
    reverse: (id) => books.reverse(id),
    correct: (id, rows) => books.correct(id, draftsOf(rows, books.voucher(id))),
    describe: (id, description) => void books.change(id, { description }),
    alterNext: (alteration) => books.alterNext((draft) => altered(draft, alteration)),
    lockThrough: (date) => {
      books.lockedThrough = date;
    },
    allow: (privilege, may) => {
      if (may) withheld.delete(privilege);
      else withheld.add(privilege);
    },
  };
}

const typedHeader: Omit<LedgerVoucherDraft, 'date' | 'description' | 'lines'> = {
  type: 'BankJournal',
  currency: 'NOK',
  externalImportReference: null,
  importedVoucherNo: null,
  saftSourceId: null,
  saftBatchId: null,
  isImported: false,
};

function altered(draft: LedgerVoucherDraft, { lines, ...changes }: LedgerAlteration): LedgerVoucherDraft {
  const kept = lines?.(draft.lines) ?? draft.lines;
  const { date } = changes;
  return { ...draft, ...changes, lines: date === undefined ? kept : kept.map((line) => ({ ...line, date })) };
}

function draftsOf(
  rows: readonly TypedLedgerRow[],
  { date, description }: { readonly date: PlainDate; readonly description: string },
): LedgerLineDraft[] {
  return rows.map(({ amount: value, vatCode = '0', ...row }) => ({
    ...row,
    vatCode,
    date,
    description,
    amount: amount(value),
    externalLineReference: null,
  }));
}
