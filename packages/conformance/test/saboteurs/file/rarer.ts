import { BilagError, type Finding, type Voucher } from '@bilag/core';
import { sampleFileSubject } from '../../sample/sample-file-subject.ts';
import { escaped, soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

/** Mistakes that one check alone of a law can see: each keeps what the other checks of its law look at. */
export const rarerSaboteurs: readonly FileSaboteur[] = [
  saboteur('date', 'the year is that of the week, and the last days of December lie in the next', {
    date: ({ date }) => `${yearOfWeek(date)}${date.slice(4)}`,
  }),
  saboteur('date', '29 February is the first of March', {
    date: ({ date }) => date.replace(/-02-29$/, '-03-01'),
  }),
  saboteur('stable', 'the header tells the day of writing', {
    header: (book) => soundParts.header(book, { createdAt: new Date().toISOString().slice(0, 10) }),
  }),
  saboteur('text', 'the name of the company is written as it is', {
    header: (book, context) =>
      soundParts.header(book, context).replace(`\t${escaped(book.company.name)}\t`, () => `\t${book.company.name}\t`),
  }),
  saboteur('text', 'letters beyond ASCII become question marks in the texts of lines', {
    voucher: (voucher, view, parts) =>
      soundParts.voucher(voucher, view, parts).replaceAll(/^L\t.*$/gm, (row) => row.replaceAll(/[^\t -~]/g, '?')),
  }),
  saboteur('again', 'vouchers that come later are not waited for', {
    vouchers(book) {
      const vouchers = book.vouchers();
      return Symbol.iterator in vouchers ? vouchers : [];
    },
  }),
  saboteur('file-names', 'the name is longer than some disks take', {
    fileName: () => `${'vouchers-'.repeat(30)}.tsv`,
  }),
  saboteur('file-names', 'the file is called like a device of Windows', { fileName: () => 'aux.tsv' }),
  {
    breaks: 'file-names',
    mistake: 'the kind of the file is told in a word of our own',
    subject: withMediaType('TSV'),
  },
  saboteur('abandoned', 'the book is opened before anybody reads the file', {
    content(book, context, view, parts) {
      const reading = (book.vouchers() as Iterable<Voucher>)[Symbol.iterator]?.();
      const first = reading?.next();
      return (async function* () {
        if (first !== undefined) reading?.return?.();
        yield* soundParts.content(book, context, view, parts);
      })();
    },
  }),
  saboteur('abandoned', 'when the reader has stopped, the rest of the book is counted', {
    async *content(book, context, view, parts) {
      let isWhole = false;
      try {
        yield* soundParts.content(book, context, view, parts);
        isWhole = true;
      } finally {
        if (!isWhole) setImmediate(() => void Array.fromAsync(book.vouchers()));
      }
    },
  }),
  saboteur('checked', 'the check objects to every file', {
    async *check({ name }) {
      yield objection(name);
    },
  }),
  saboteur('checked', 'the check adds up each voucher, and does not mind where the file ends', {
    async *check({ name, content }) {
      let text = '';
      for await (const bytes of content) text += Buffer.from(bytes).toString('latin1');
      const vouchers = text.split('\nV\t').slice(1, -1);
      const last = text.split('\nV\t').at(-1) ?? '';
      for (const voucher of last.includes('\nT\t') ? [...vouchers, last] : vouchers) {
        const øre = [...voucher.matchAll(/^L\t\d+\t(-?)(\d+)\.(\d\d)\t/gm)];
        const sum = øre.reduce((total, [, sign, whole = '', rest = '']) => total + Number(`${sign}${whole}${rest}`), 0);
        if (sum !== 0) yield objection(name);
      }
    },
  }),
  saboteur('refused', 'a company without a number is refused after its header was written', {
    async *content(book, context, view, parts) {
      yield parts.header(book, context);
      if (!/^\d{9}$/.test(book.company.organisationNumber)) {
        throw new BilagError('config', {
          what: 'there is no organisation number',
          where: 'the company',
          action: 'add it',
        });
      }
      let isFirst = true;
      for await (const piece of soundParts.content(book, context, view, parts)) {
        if (!isFirst) yield piece;
        isFirst = false;
      }
    },
  }),
  {
    breaks: 'text',
    mistake: 'a sign stands for a letter that is missing, and is declared to be a letter',
    subject: {
      ...sampleFileSubject('explicit', { text: (text) => escaped(text).replaceAll('Å', '?') }),
      substitutes: { Å: '?' },
    },
  },
  saboteur(
    'vat',
    'codes are left out where nothing else tells the VAT',
    {
      voucher: (voucher, view, parts) =>
        soundParts.voucher(voucher, view, parts).replaceAll(/^(L\t\d+\t[-.\d]+\t)\w+/gm, '$1'),
    },
    { view: 'gross' },
  ),
];

function withMediaType(mediaType: string): FileSaboteur['subject'] {
  const subject = sampleFileSubject('explicit');
  const { adapter } = subject;
  return {
    ...subject,
    adapter: {
      ...adapter,
      async *render(...given) {
        for await (const file of adapter.render(...given)) yield { ...file, mediaType };
      },
    },
  };
}

/** As some calendars count: the week with 1 January belongs to the new year. */
function yearOfWeek(date: string): number {
  const day = new Date(`${date}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 6 - day.getUTCDay());
  return day.getUTCFullYear();
}

function objection(where: string): Finding {
  return { code: 'sample-wrong', severity: 'error', message: 'it is wrong', where, action: 'write it again' };
}
