import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
  amount,
  BilagError,
  defineAdapter,
  linesOf,
  plainDate,
  viewDigest,
  type ErrorKind,
  type Posted,
  type Receipt,
  type Service,
  type ServiceAdapter,
  type Voucher,
} from '@bilag/core';
import { z } from 'zod';
import { inTransaction } from './database.ts';

/**
 * Our general ledger as a target. It takes a reference once for each merchant (a unique index), so that whatever got lost
 * on the way may be posted again. It is in this process: there is nobody to be polite to, and no reply to lose.
 */
export function ourLedger(database: DatabaseSync): ServiceAdapter<{ readonly merchantId: string }> {
  return defineAdapter({
    contract: 1,
    kind: 'service',
    id: 'our-ledger',
    title: 'Our ledger',
    config: z.strictObject({ merchantId: z.string() }),
    vat: 'explicit',
    shape: { documents: ['journal'], maxLines: 500 },
    limits: { concurrency: 1, perSecond: 1000 },
    dedupe: { by: 'server-reference' },
    connect: ({ merchantId }) => connect(database, merchantId),
  });
}

function connect(database: DatabaseSync, merchantId: string): Required<Pick<Service, 'find' | 'list'>> & Service {
  const select = (where: string, ...values: string[]): Posted[] =>
    database
      .prepare(`SELECT * FROM ledger_voucher WHERE merchant_id = ? AND ${where} ORDER BY number`)
      .all(merchantId, ...values)
      .map((row) => toPosted(row, database));
  const merchant = (): Record<string, SQLOutputValue> =>
    database.prepare('SELECT * FROM merchant WHERE id = ?').get(merchantId) ?? {};
  return {
    identify: async () => {
      const { name, organisation_number: number } = merchant();
      return { id: merchantId, name: String(name), organisationNumber: String(number), country: 'NO', currency: 'NOK' };
    },
    chart: async () => {
      const { locked_through: locked } = merchant();
      const accounts = database.prepare('SELECT * FROM account').all();
      return {
        accounts: accounts.map(({ number, name }) => ({ number: String(number), name: String(name), isActive: true })),
        vatCodes: [{ code: '3', description: 'Output VAT, 25 %', rateBasisPoints: 2_500, kind: 'output' }],
        dimensions: [],
        ...(locked === null ? {} : { lockedThrough: plainDate(String(locked)) }),
      };
    },
    post: async (voucher, reference, beforeWrite) => {
      // The last moment: whether this process may still write.
      await beforeWrite?.(longestWriteMs);
      return inTransaction(database, () => {
        const [known] = select('reference = ?', reference);
        if (known === undefined) insert(voucher, reference, merchantId, merchant()['locked_through'] ?? '', database);
        // What is there counts, not what was sent.
        const [held] = select('reference = ?', reference);
        if (held === undefined) throw new Error('a voucher that was inserted is not there');
        return toReceipt(held, known === undefined);
      });
    },
    find: async (reference) => select('reference = ?', reference),
    async *list(from, to) {
      yield* select('date BETWEEN ? AND ?', from, to);
    },
  };
}

/** It answers at once; were it later after all, it takes a reference once. */
const longestWriteMs = 1_000;

function insert(
  voucher: Voucher,
  reference: string,
  merchantId: string,
  locked: SQLOutputValue,
  database: DatabaseSync,
): void {
  if (voucher.currency !== 'NOK') throw refusal('unsupported', `the currency ${voucher.currency}`, reference);
  if (voucher.date <= String(locked)) throw refusal('blocked', `a period that is closed through ${locked}`, reference);
  const { lastInsertRowid: number } = database
    .prepare('INSERT INTO ledger_voucher (merchant_id, reference, date, text) VALUES (?, ?, ?, ?)')
    .run(merchantId, reference, voucher.date, voucher.description);
  const line = database.prepare('INSERT INTO ledger_line VALUES (?, ?, ?, ?, ?)');
  const known = database.prepare('SELECT 1 FROM account WHERE number = ?');
  for (const { account, amount: value, vat, text, dimensions } of linesOf(voucher, 'explicit')) {
    if (dimensions !== undefined) throw refusal('unsupported', 'dimensions', reference);
    if (known.get(account) === undefined) throw refusal('rejected', `the account ${account}`, reference);
    line.run(number, account, value, vat?.code ?? null, text);
  }
}

function toPosted(row: Record<string, SQLOutputValue>, database: DatabaseSync): Posted {
  const number = Number(row['number']);
  const lines = database.prepare('SELECT * FROM ledger_line WHERE voucher = ? ORDER BY rowid').all(number);
  return {
    id: String(number),
    number: String(number),
    reference: String(row['reference']),
    state: 'live',
    document: 'journal',
    date: plainDate(String(row['date'])),
    currency: 'NOK',
    lines: lines.map(({ account, amount: value, vat_code: code }) => ({
      account: String(account),
      amount: amount(Number(value)),
      ...(code === null ? {} : { vatCode: String(code) }),
    })),
  };
}

function toReceipt(held: Posted, isNew: boolean): Receipt {
  return { outcome: isNew ? 'created' : 'exists', id: held.id, number: held.id, digest: viewDigest(held) };
}

function refusal(kind: ErrorKind, what: string, reference: string): BilagError {
  return new BilagError(kind, {
    what: `our ledger does not take ${what}`,
    where: `voucher ${reference}`,
    action: 'mend the policy or open the period; nothing was booked',
  });
}
