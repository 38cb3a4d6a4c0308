import { amount, plainDate } from '@bilag/core';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { openInvoiceRecord, type FeeInvoice } from '../src/index.ts';

const home = mkdtempSync(join(tmpdir(), 'bilag-invoice-record-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const invoice: FeeInvoice = {
  kind: 'invoice',
  number: 'F-1042',
  ledgerId: '302321',
  date: plainDate('2026-07-31'),
  month: '2026-07',
  currency: 'NOK',
  net: amount(10000),
  vat: amount(2500),
  total: amount(12500),
  fees: { 'capture-fee': { net: amount(10000), vat: amount(2500) } },
};
const at = '2026-08-03T10:00:00.000Z';

describe('the record of a provider’s invoices', () => {
  test('keeps each as it was given, for its owner alone', async () => {
    const path = join(home, 'kept', 'kafe.invoices.sqlite');
    const record = openInvoiceRecord(path);
    expect(await record.add(invoice, at)).toEqual({ ...invoice, record: 1, recordedAt: at, takenBackAt: null });
    await record.close();
    const again = openInvoiceRecord(path);
    expect(await again.invoices()).toEqual([{ ...invoice, record: 1, recordedAt: at, takenBackAt: null }]);
    await again.close();
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test('takes a number once, however its letters are written, until it is taken back', async () => {
    const path = join(home, 'once.sqlite');
    const [record, beside] = [openInvoiceRecord(path), openInvoiceRecord(path)];
    await record.add(invoice, at);
    await expect(beside.add({ ...invoice, number: 'f-1042' }, at)).rejects.toThrow('recorded already, as record 1');
    expect(await record.takeBack(1, at)).toMatchObject({ record: 1, takenBackAt: at });
    await expect(record.takeBack(1, at)).rejects.toThrow('taken back before');
    await expect(record.takeBack(7, at)).rejects.toThrow('there is no record 7');
    expect(await beside.add(invoice, at)).toMatchObject({ record: 2 });
    expect((await record.invoices()).map(({ takenBackAt }) => takenBackAt)).toEqual([at, null]);
    await record.close();
    await beside.close();
  });

  test('another database in its place is refused', async () => {
    const path = join(home, 'other.sqlite');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE other (number INTEGER)');
    database.close();
    expect(() => openInvoiceRecord(path)).toThrow('another database');
  });
});
