import { escaped, soundParts } from '../../sample/sample-file.ts';
import { saboteur, type FileSaboteur } from './saboteur.ts';

export const textSaboteurs: readonly FileSaboteur[] = [
  saboteur('text', 'texts are written as they are, with the characters that end a field', { text: (text) => text }),
  saboteur('text', 'letters beyond ASCII become question marks', {
    text: (text) => escaped(text).replaceAll(/[^\t -~]/g, '?'),
  }),
  saboteur('date', 'the day passes through midnight on the clock of the machine', {
    date: ({ date }) => new Date(`${date}T00:00:00`).toISOString().slice(0, 10),
  }),
  saboteur('date', 'the header tells the hour on the clock of the machine', {
    header: (book, context) => soundParts.header(book, { createdAt: String(new Date(context.createdAt)) }),
  }),
  saboteur('locale', 'names are written in the capitals of the language of the machine', {
    header: (book, context) => soundParts.header(book, context).toLocaleUpperCase(),
  }),
  saboteur('locale', 'the header tells the day as people write it on this machine', {
    header: (book, { createdAt }) =>
      soundParts.header(book, {
        createdAt: new Intl.DateTimeFormat(undefined, { timeZone: 'UTC' }).format(new Date(createdAt)),
      }),
  }),
  saboteur('stable', 'the header tells the time of writing', {
    header: (book) => soundParts.header(book, { createdAt: new Date().toISOString() }),
  }),
  saboteur('stable', 'the file has a number drawn by chance', {
    header: (book) => soundParts.header(book, { createdAt: Math.random().toString(36) }),
  }),
  saboteur('file-names', 'the file is called after the company', { fileName: ({ company }) => `${company.name}.tsv` }),
  saboteur('file-names', 'the hour of writing stands in the name', {
    fileName: ({ period }) => `vouchers ${period.from} 08:00.tsv`,
  }),
];
