import { postingColumns, type Dialect, type JournalPosting, type Tag } from './dialect.ts';
import { toOneLine } from './plain-text.ts';

/** beancount.github.io, the language syntax. */
export const beancount: Dialect = {
  extension: 'beancount',
  leafName: (number, name) => {
    const words = `${number} ${name}`.normalize('NFC').replaceAll(/[^\p{L}0-9]+/gu, '-');
    const leaf = words.replaceAll(/^-+|-+$/g, '');
    return leaf.slice(0, 1).toUpperCase() + leaf.slice(1);
  },
  problemOfName: (fullName) =>
    /^(Assets|Liabilities|Equity|Income|Expenses)(:[\p{Lu}0-9][\p{L}0-9-]*)+$/u.test(fullName)
      ? undefined
      : 'must be Assets, Liabilities, Equity, Income or Expenses and parts of letters, digits and hyphens, each ' +
        'starting with a capital or a digit',
  head: ({ comments, title, currency, from, accounts }) =>
    [
      ...comments.map((comment) => `; ${toOneLine(comment)}`),
      '',
      `option "title" ${quoted(title)}`,
      `option "operating_currency" ${quoted(currency)}`,
      '',
      ...accounts.map((account) => `${from} open ${account} ${currency}`),
      '\n',
    ].join('\n'),
  include: (fileName) => `include ${quoted(fileName)}\n`,
  comment: (text) => `; ${toOneLine(text)}\n`,
  transaction: ({ date, reference, description, tags, postings }, currency, accountWidth) =>
    [
      `${date} * ${quoted(description)} ^${reference}`,
      ...tags.map((tag) => `  ${metadata(tag)}`),
      ...postings.flatMap((posting) => postingLines(posting, currency, accountWidth)),
      '\n',
    ].join('\n'),
};

function postingLines(posting: JournalPosting, currency: string, accountWidth: number): string[] {
  const text: Tag[] = toOneLine(posting.text) === '' ? [] : [['text', posting.text]];
  return [
    `  ${postingColumns(posting, currency, accountWidth)}`,
    ...[...text, ...posting.tags].map((tag) => `    ${metadata(tag)}`),
  ];
}

function metadata([name, value]: Tag): string {
  return `${name}: ${quoted(value)}`;
}

function quoted(text: string): string {
  return `"${toOneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
