import { parseAmount, plainDate, type Posted, type PostedLine } from '@bilag/core';
import type { AcmeBooksHeld, AcmeBooksPosting } from './replies.ts';

/** What Acme Books holds, in the terms of the contract. Pure. */
export function fromAcmeBooks(held: AcmeBooksHeld): Posted {
  const { id, number, reference, state, reverses, text } = held;
  return {
    id,
    number,
    reference,
    state,
    document: 'journal',
    date: plainDate(held.date),
    currency: 'NOK',
    description: text,
    lines: held.lines.map(toPostedLine),
    ...(reverses === undefined ? {} : { reverses }),
  };
}

function toPostedLine({ account, amount: text, vatCode, department }: AcmeBooksPosting): PostedLine {
  return {
    account,
    amount: parseAmount(text),
    ...(vatCode === undefined ? {} : { vatCode }),
    ...(department === undefined ? {} : { dimensions: { department } }),
  };
}
