import { createHash } from 'node:crypto';
import { amount, plainDate } from '@bilag/core';
import type { BankDecision, BankRecord, KeptBankFile } from '../bank/bank-record.ts';
import type { FeeInvoice, InvoiceRecord } from '../invoices/invoice-record.ts';
import { mustEqual, mustRefuse, withStores, type StoreLaw } from './store-law.ts';

/** What the bank delivered is as it came, and one person at a time decides about it. */
export const bankRecordLaws: readonly StoreLaw<BankRecord>[] = [
  {
    id: 'as-delivered',
    sentence: 'files are kept byte for byte, each once, in their order, all of them or none',
    prove: (newPlace) =>
      withStores(newPlace, async (record, other) => {
        const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
        const files = [fileOf('a'), fileOf('b', bytes)];
        mustEqual(await record.keep([...files, fileOf('a')]), ['kept', 'kept', 'known'], 'what keeping answers');
        mustEqual(await record.keep([{ ...fileOf('a'), name: 'renamed' }]), ['known'], 'the same bytes again');
        mustEqual((await other.files()).map(shownFile), files.map(shownFile), 'the files to another process');
        const broken = record.keep([fileOf('c'), { ...fileOf('d'), digest: 'short' }]);
        const [end] = await Promise.allSettled([broken]);
        mustEqual([end.status, (await other.files()).length], ['rejected', 2], 'one wrong file among others');
      }),
  },
  {
    id: 'file-taken-back',
    sentence: 'a file is taken back once, unless something was decided meanwhile, and may be kept again',
    prove: (newPlace) =>
      withStores(newPlace, async (record, other) => {
        await record.keep([fileOf('a'), fileOf('b')]);
        const { digest } = fileOf('a');
        await record.decide(decisionOf('1'), 0);
        await mustRefuse(other.takeBackFile(digest, later, 0), 'conflict', 'a file about which others decided');
        await other.takeBackFile(digest, later, 1);
        mustEqual((await record.files()).map(shownFile), [fileOf('b')].map(shownFile), 'the files that hold');
        await mustRefuse(record.takeBackFile(digest, later, 1), 'not-found', 'a file that was taken back');
        const again = { ...fileOf('a'), account: '86011117947' };
        mustEqual(await record.keep([again]), ['kept'], 'the file again');
        mustEqual((await other.files()).map(shownFile), [again, fileOf('b')].map(shownFile), 'the files');
      }),
  },
  {
    id: 'decided-once',
    sentence:
      'of two who decide about one line, or without knowing of each other about one payout, the second is refused',
    prove: (newPlace) =>
      withStores(newPlace, async (record, other) => {
        mustEqual((await record.decide(decisionOf('1'), 0)).number, 1, 'the number of the first');
        await mustRefuse(other.decide({ ...decisionOf('1'), payouts: [] }, 1), 'conflict', 'the same line');
        await mustRefuse(other.decide(decisionOf('2'), 0), 'conflict', 'a payout that got a line meanwhile');
        mustEqual((await other.decide(decisionOf('2'), 1)).number, 2, 'the number of who has seen the first');
        mustEqual((await other.takeBack(1, later)).takenBackAt, later, 'what was taken back');
        await mustRefuse(record.takeBack(1, later), 'conflict', 'what was taken back before');
        await mustRefuse(record.takeBack(9, later), 'not-found', 'what was never decided');
        mustEqual((await record.decide(decisionOf('1'), 2)).number, 3, 'the number of a third');
        const kept = (await other.decisions()).map(({ number, lines, takenBackAt }) => [number, lines, takenBackAt]);
        mustEqual(
          kept,
          [
            [1, ['line 1'], later],
            [2, ['line 2'], null],
            [3, ['line 1'], null],
          ],
          'the decisions',
        );
      }),
  },
  {
    id: 'bank-copied',
    sentence: 'a copy has everything that was ever kept, takes a later state of it, and nothing else',
    prove: async (newPlace) => {
      const [place, copyPlace] = [await newPlace(), await newPlace()];
      const [record, copy] = [await place.open(), await copyPlace.open()];
      await record.keep([fileOf('a'), fileOf('b')]);
      await record.takeBackFile(fileOf('a').digest, later, 0);
      await record.decide(decisionOf('1'), 0);
      const first = await record.history();
      await copy.restore(first);
      await record.takeBack(1, later);
      await record.keep([fileOf('c')]);
      await copy.restore(await record.history());
      mustEqual(await shownHistory(copy), await shownHistory(record), 'the copy');
      await mustRefuse(copy.restore(first), 'conflict', 'an older state');
      mustEqual((await copy.decide(decisionOf('2'), 1)).number, 2, 'the number after a copy');
      await Promise.all([record.close(), copy.close()]);
    },
  },
];

/** What was invoiced is kept as printed, each number once. */
export const invoiceRecordLaws: readonly StoreLaw<InvoiceRecord>[] = [
  {
    id: 'as-printed',
    sentence:
      'an invoice is kept as it was given, each number once, however its letters are written, until it is taken back',
    prove: (newPlace) =>
      withStores(newPlace, async (record, other) => {
        mustEqual((await record.add(invoice, at)).record, 1, 'the first record');
        await mustRefuse(other.add({ ...invoice, number: 'f-1042' }, at), 'conflict', 'the same number');
        mustEqual((await other.takeBack(1, later)).takenBackAt, later, 'what was taken back');
        await mustRefuse(record.takeBack(1, later), 'conflict', 'what was taken back before');
        await mustRefuse(record.takeBack(7, later), 'not-found', 'what was never recorded');
        mustEqual((await record.add(invoice, at)).record, 2, 'the number again');
        const kept = (await other.invoices()).map(({ record: number, takenBackAt, total, fees }) => {
          return [number, takenBackAt, total, fees];
        });
        mustEqual(
          kept,
          [
            [1, later, 12_500, invoice.fees],
            [2, null, 12_500, invoice.fees],
          ],
          'the invoices',
        );
      }),
  },
  {
    id: 'invoices-copied',
    sentence: 'a copy has every invoice, also those taken back, takes a later state of it, and nothing else',
    prove: async (newPlace) => {
      const [place, copyPlace] = [await newPlace(), await newPlace()];
      const [record, copy] = [await place.open(), await copyPlace.open()];
      await record.add(invoice, at);
      const first = await record.invoices();
      await copy.restore(first);
      await record.takeBack(1, later);
      await record.add(invoice, at);
      await copy.restore(await record.invoices());
      mustEqual(await copy.invoices(), await record.invoices(), 'the copy');
      await mustRefuse(copy.restore(first), 'conflict', 'an older state');
      mustEqual((await copy.add({ ...invoice, number: 'F-1043' }, at)).record, 3, 'the number after a copy');
      await Promise.all([record.close(), copy.close()]);
    },
  },
];

const at = '2026-08-03T10:00:00.000Z';
const later = '2026-08-04T10:00:00.000Z';

function fileOf(name: string, bytes: Uint8Array = new TextEncoder().encode(name)): KeptBankFile {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { digest, name: `${name}.xml`, account: null, importedAt: at, bytes };
}

function shownFile({ digest, name, account, importedAt, bytes }: KeptBankFile): readonly unknown[] {
  return [digest, name, account, importedAt, [...bytes]];
}

async function shownHistory(record: BankRecord): Promise<unknown> {
  const { files, decisions } = await record.history();
  return [files.map((file) => [...shownFile(file), file.takenBackAt]), decisions.map(shownDecision)];
}

function shownDecision({ number, kind, lines, payouts, note, decidedAt, takenBackAt }: BankDecision): unknown {
  return [number, kind, lines, payouts, note, decidedAt, takenBackAt];
}

function decisionOf(line: string): Omit<BankDecision, 'number' | 'takenBackAt'> {
  return { kind: 'match', lines: [`line ${line}`], payouts: ['302321-2000045'], note: 'æøå', decidedAt: at };
}

const invoice: FeeInvoice = {
  kind: 'invoice',
  number: 'F-1042',
  ledgerId: '302321',
  date: plainDate('2026-07-31'),
  month: '2026-07',
  currency: 'NOK',
  net: amount(10_000),
  vat: amount(2_500),
  total: amount(12_500),
  fees: { 'capture-fee': { net: amount(10_000), vat: amount(2_500) } },
};
