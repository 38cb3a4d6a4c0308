import { postingColumns, type Dialect, type JournalHead, type JournalPosting, type Tag } from './dialect.ts';
import { toOneLine, withinBytes } from './plain-text.ts';

/** hledger.org, the journal format. */
export const hledger: Dialect = {
  ...ledgerLike('journal'),
  head: ({ currency, decimals, ...head }) =>
    [
      ...comments(head),
      'decimal-mark .',
      `commodity 1000.${'0'.repeat(decimals)} ${currency}`,
      '',
      ...accountDirectives(head),
    ].join('\n'),
};

const ledgerText = ledgerLike('ledger');

/** ledger-cli.org; its pedantic mode wants tags declared too. It reads lines of at most 4,096 bytes (ledger, textual.cc). */
export const ledger: Dialect = {
  ...ledgerText,
  problemOfName: (fullName) =>
    Buffer.byteLength(fullName) > 1000 ? 'is longer than 1,000 bytes' : ledgerText.problemOfName(fullName),
  comment: (text) => withinBytes(ledgerText.comment(text), longestLine),
  transaction: (transaction, currency, accountWidth) =>
    withinBytes(ledgerText.transaction(transaction, currency, accountWidth), longestLine),
  head: ({ currency, decimals, ...head }) =>
    withinBytes(
      [
        ...comments(head),
        `commodity ${currency}`,
        `    format 1000${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`} ${currency}`,
        '',
        ...head.tags.map((name) => `tag ${name}`),
        '',
        ...accountDirectives(head),
      ].join('\n'),
      longestLine,
    ),
};

const longestLine = 4000;

/** What the two have in common: all but what stands at the head. */
function ledgerLike(extension: string): Omit<Dialect, 'head'> {
  return {
    extension,
    leafName: (number, name) => toOneLine(toDescription(`${number} ${name}`).replaceAll(':', ' ')),
    problemOfName: (fullName) =>
      fullName === toOneLine(fullName) && /^\p{L}[^:;]*(:[^:; ][^:;]*)*$/u.test(fullName) && !/ :/.test(fullName)
        ? undefined
        : 'must start with a letter, have no semicolon and only single spaces, none beside a colon',
    include: (fileName) => `include ${fileName}\n`,
    comment: (text) => `; ${toOneLine(text)}\n`,
    transaction: ({ date, reference, description, tags, postings }, currency, accountWidth) => {
      let text = `${`${date} * (${reference}) ${toDescription(description)}`.trimEnd()}\n`;
      for (const tag of tags) text += `    ${tagComment(tag)}`;
      for (const posting of postings) text += postingText(posting, currency, accountWidth);
      return `${text}\n`;
    },
  };
}

function comments(head: Pick<JournalHead, 'comments'>): string[] {
  return [...head.comments.map((comment) => `; ${toOneLine(comment)}`), ''];
}

function accountDirectives(head: Pick<JournalHead, 'accounts'>): string[] {
  return [...head.accounts.map((account) => `account ${account}`), '\n'];
}

function postingText(posting: JournalPosting, currency: string, accountWidth: number): string {
  const note = toNote(posting.text);
  const columns = `    ${postingColumns(posting, currency, accountWidth)}`;
  let text = note === '' ? `${columns}\n` : `${columns}  ; ${note}\n`;
  for (const tag of posting.tags) text += `        ${tagComment(tag)}`;
  return text;
}

function tagComment([name, value]: Tag): string {
  let write = tagWriters.get(name);
  if (write === undefined) {
    // hledger ends a tag's value at a comma.
    write = remembered((text) => `; ${name}: ${withoutDates(toOneLine(replaced(text, ',', ' ')))}\n`);
    tagWriters.set(name, write);
  }
  return write(value);
}

const tagWriters = new Map<string, (value: string) => string>();

/** Neither program can quote: a semicolon would begin a comment, and hledger reads a bar as the end of the payee. */
const toDescription = remembered((text) => replaced(replaced(toOneLine(text), ';', ','), '|', '/'));

/** In a comment, a word before a colon is a tag, and `date:` even moves the posting; a space keeps it a word. */
const toNote = remembered((text) => withoutDates(toOneLine(replaced(text, ':', ' :'))));

/** Keeps the last answer: lines of an entry share their texts, and vouchers of a date most of theirs. */
function remembered(write: (text: string) => string): (text: string) => string {
  let last: string | undefined;
  let written = '';
  return (text) => {
    if (text !== last) {
      written = write(text);
      last = text;
    }
    return written;
  };
}

/** In a comment, `[2026-01-31]` and `[=…]` give the posting another date. */
function withoutDates(text: string): string {
  return replaced(replaced(text, '[', '('), ']', ')');
}

/** Few texts have any of these marks, and to look is quicker than to replace. */
function replaced(text: string, mark: string, by: string): string {
  return text.includes(mark) ? text.replaceAll(mark, by) : text;
}
