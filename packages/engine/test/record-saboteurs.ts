import type { BankRecord, InvoiceRecord } from '../src/index.ts';

/** A record with one mistake that somebody could make, and the law that must tell. */
interface RecordSaboteur<Record> {
  readonly breaks: string;
  readonly mistake: string;
  readonly change: (record: Record) => Partial<Record>;
}

export const bankSaboteurs: readonly RecordSaboteur<BankRecord>[] = [
  {
    breaks: 'as-delivered',
    mistake: 'files are kept one by one',
    change: (record) => ({
      keep: async (files) => {
        const outcomes: ('kept' | 'known')[] = [];
        for (const file of files) outcomes.push(...(await record.keep([file])));
        return outcomes;
      },
    }),
  },
  {
    breaks: 'file-taken-back',
    mistake: 'nobody asks what was decided meanwhile',
    change: (record) => ({ takeBackFile: (digest, at) => record.takeBackFile(digest, at, Infinity) }),
  },
  {
    breaks: 'decided-once',
    mistake: 'nobody asks what others decided about the payout meanwhile',
    change: (record) => ({ decide: (decision) => record.decide(decision, Infinity) }),
  },
  {
    breaks: 'bank-copied',
    mistake: 'files that were taken back are left out',
    change: (record) => ({
      restore: ({ files, decisions }) =>
        record.restore({ files: files.filter(({ takenBackAt }) => takenBackAt === null), decisions }),
    }),
  },
];

export const invoiceSaboteurs: readonly RecordSaboteur<InvoiceRecord>[] = [
  {
    breaks: 'as-printed',
    mistake: 'a number in other letters is another number',
    change: (record) => ({
      add: (invoice, at) => {
        const number = invoice.number === invoice.number.toLowerCase() ? `${invoice.number}-small` : invoice.number;
        return record.add({ ...invoice, number }, at);
      },
    }),
  },
  {
    breaks: 'invoices-copied',
    mistake: 'a copy is added to what is there',
    change: (record) => ({
      restore: async (invoices) => {
        for (const { record: _, recordedAt, takenBackAt: __, ...invoice } of invoices)
          await record.add(invoice, recordedAt);
      },
    }),
  },
];
