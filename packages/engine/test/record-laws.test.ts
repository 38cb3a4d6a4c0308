import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openBankRecord, openInvoiceRecord, type BankRecord, type InvoiceRecord } from '../src/index.ts';
import { bankLaws, invoiceLaws, type StorePlace } from '../src/store-laws.ts';
import { bankSaboteurs, invoiceSaboteurs } from './record-saboteurs.ts';
import { temporaryFolder } from './run-program.ts';
import { changed } from './store-saboteurs.ts';

function bankPlace(change: (record: BankRecord) => Partial<BankRecord> = () => ({})): StorePlace<BankRecord> {
  const path = join(temporaryFolder(), 'bank.sqlite');
  return {
    open: async () => {
      const record = openBankRecord(path);
      return changed(record, change(record));
    },
  };
}

function invoicePlace(
  change: (record: InvoiceRecord) => Partial<InvoiceRecord> = () => ({}),
): StorePlace<InvoiceRecord> {
  const path = join(temporaryFolder(), 'invoices.sqlite');
  return {
    open: async () => {
      const record = openInvoiceRecord(path);
      return changed(record, change(record));
    },
  };
}

describe('records in files keep the laws of records', () => {
  // A law throws when it is broken.
  // oxlint-disable-next-line vitest/expect-expect
  test.for([...bankLaws])('$id: $sentence', (law) => law.prove(() => bankPlace()));

  // oxlint-disable-next-line vitest/expect-expect
  test.for([...invoiceLaws])('$id: $sentence', (law) => law.prove(() => invoicePlace()));
});

describe('a record that breaks a law is found out', () => {
  const found = { name: expect.stringMatching(/^(?:StoreLawBroken|BilagError)$/) };

  test('every law has a record that breaks it', () => {
    const broken = [...bankSaboteurs, ...invoiceSaboteurs].map(({ breaks }) => breaks);
    expect(broken.sort()).toEqual([...bankLaws, ...invoiceLaws].map(({ id }) => id).sort());
  });

  test.for([...bankSaboteurs])('$breaks: $mistake', async ({ breaks, change }) => {
    const law = bankLaws.find(({ id }) => id === breaks);
    await expect(law?.prove(() => bankPlace(change))).rejects.toMatchObject(found);
  });

  test.for([...invoiceSaboteurs])('$breaks: $mistake', async ({ breaks, change }) => {
    const law = invoiceLaws.find(({ id }) => id === breaks);
    await expect(law?.prove(() => invoicePlace(change))).rejects.toMatchObject(found);
  });
});
