import { BilagError, type BookAccount, type Finding } from '@bilag/core';
import { soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

export const checkSaboteurs: readonly FileSaboteur[] = [
  saboteur('checked', 'the check looks whether the file has an end, and at no amount', {
    async *check({ name, content }) {
      let text = '';
      for await (const bytes of content) text += Buffer.from(bytes).toString('latin1');
      if (!/\nT\t\d+\t\d+\n$/.test(text)) yield cutOff(name);
    },
  }),
  saboteur('checked', 'the check takes each piece for a row, and objects to its own files', {
    async *check({ name, content }) {
      for await (const bytes of content) if (!Buffer.from(bytes).toString('latin1').endsWith('\n')) yield cutOff(name);
    },
  }),
  saboteur('refused', 'nothing looks at the currency of a voucher', { refuse: () => undefined }),
  saboteur('refused', 'a strange voucher is refused with an error that says nothing', {
    refuse({ currency }, { company }) {
      if (currency !== company.currency) throw new Error('unexpected currency');
    },
  }),
  saboteur('refused', 'a strange voucher is refused and not named', {
    refuse({ currency }, { company }) {
      if (currency === company.currency) return;
      throw new BilagError('rejected', { what: 'two currencies', where: 'the book', action: 'use one' });
    },
  }),
  saboteur('refused', 'a strange voucher is left out without a word', {
    async *vouchers(book) {
      for await (const voucher of book.vouchers()) if (voucher.currency === book.company.currency) yield voucher;
    },
  }),
  saboteur('still', 'the accounts of the book are sorted where they are', {
    header(book, context) {
      (book.accounts as BookAccount[]).sort((a, b) => Number(a.number) - Number(b.number));
      return soundParts.header(book, context);
    },
  }),
  ...['keeps-a-timer', 'listens', 'writes-a-file', 'reads-a-file', 'starts-a-program', 'prints'].map((name) =>
    saboteur(
      'still',
      `the module ${name.replaceAll('-', ' ')} when it is imported`,
      {},
      {
        module: new URL(`modules/${name}.ts`, import.meta.url),
      },
    ),
  ),
];

function cutOff(where: string): Finding {
  return { code: 'sample-cut', severity: 'error', message: 'cut off', where, action: 'write it again' };
}
