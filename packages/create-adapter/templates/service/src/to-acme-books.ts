import {
  BilagError,
  exactNumber,
  formatAmount,
  linesOf,
  parseAmount,
  plainDate,
  type ExactNumber,
  type Posted,
  type PostedLine,
  type Voucher,
} from '@bilag/core';
import { z } from 'zod';

/** A voucher as Acme Books takes it. */
export interface AcmeBooksVoucher {
  readonly reference: string;
  readonly date: string;
  readonly text: string;
  readonly lines: readonly AcmeBooksLine[];
}

export interface AcmeBooksLine {
  readonly account: string;
  /** A JSON number of these very digits: no float ever holds an amount. */
  readonly amount: ExactNumber;
  readonly vatCode?: string | undefined;
  readonly department?: string | undefined;
  readonly text?: string | undefined;
}

/** The body of the write. Pure; throws `unsupported` for what Acme Books cannot hold, before anything is sent. */
export function toAcmeBooks(voucher: Voucher, reference: string): AcmeBooksVoucher {
  if (voucher.currency !== 'NOK') throw cannotHold(`the currency ${voucher.currency}`, reference);
  return {
    reference,
    date: voucher.date,
    text: plain(voucher.description, 200),
    lines: linesOf(voucher, 'gross').map((line, index) => {
      const { department, ...others } = line.dimensions ?? {};
      const [other] = Object.keys(others);
      if (other !== undefined) throw cannotHold(`the dimension ${other} in line ${index + 1}`, reference);
      if (line.party !== undefined) throw cannotHold(`the ${line.party.kind} in line ${index + 1}`, reference);
      if (line.vat?.kind === 'reverse-charge') throw cannotHold(`reverse charge in line ${index + 1}`, reference);
      return {
        account: line.account,
        amount: exactNumber(formatAmount(line.amount)),
        text: plain(line.text, 100),
        ...(line.vat === undefined ? {} : { vatCode: line.vat.code }),
        ...(department === undefined ? {} : { department }),
      };
    }),
  };
}

/** Numbers are read as their own text: `parseJsonBytes(…, { numbers: 'text' })`. */
const heldVoucher = z.object({
  id: z.string(),
  number: z.string(),
  reference: z.string(),
  date: z.string(),
  text: z.string(),
  state: z.enum(['live', 'reversed', 'deleted']),
  reverses: z.string().optional(),
  lines: z.array(
    z.object({
      account: z.string(),
      amount: z.string(),
      vatCode: z.string().optional(),
      department: z.string().optional(),
    }),
  ),
});

/** What Acme Books holds, in the terms of the contract. Throws `unavailable` when the reply is not what was agreed. */
export function fromAcmeBooks(reply: unknown, where: string): Posted {
  const { success, data } = heldVoucher.safeParse(reply);
  if (!success) {
    throw new BilagError('unavailable', { what: 'the reply is no voucher', where, action: 'try again later' });
  }
  const { id, number, reference, state, reverses, text } = data;
  return {
    id,
    number,
    reference,
    state,
    document: 'journal',
    date: plainDate(data.date),
    currency: 'NOK',
    description: text,
    lines: data.lines.map(toPostedLine),
    ...(reverses === undefined ? {} : { reverses }),
  };
}

function toPostedLine(line: z.infer<typeof heldVoucher>['lines'][number]): PostedLine {
  const { account, amount: text, vatCode, department } = line;
  return {
    account,
    amount: parseAmount(text),
    ...(vatCode === undefined ? {} : { vatCode }),
    ...(department === undefined ? {} : { dimensions: { department } }),
  };
}

/** Printable text of at most so many characters: never cut inside of one. */
function plain(text: string, longest: number): string {
  return [...text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ')].slice(0, longest).join('');
}

function cannotHold(what: string, reference: string): BilagError {
  return new BilagError('unsupported', {
    what: `Acme Books cannot hold ${what}`,
    where: `voucher ${reference}`,
    action: 'change the policy, or book it by hand; nothing was sent',
  });
}
