import {
  BilagError,
  decimalsOf,
  isPlainDate,
  negate,
  parseAmount,
  sum,
  type Amount,
  type PlainDate,
} from '@bilag/core';
import type { CountAndSum, StatementLine } from '../statement/statement.ts';
import { childrenOf, elementAt, everyElement, textAt, type Element } from './element.ts';

/**
 * An entry of camt.053 or camt.054. The indicator is the sign, also of a reversal; a status is text in version .02 and a choice
 * in .08, and so are a party and the amount of a detail (ISO 20022 message definitions).
 */
export function lineOf(entry: Element, currency: string, where: string, place: string): StatementLine {
  const at = `${where}, ${place}`;
  const signed = amountOf(entry, at, currency);
  const details = childrenOf(entry, 'NtryDtls').flatMap((each) => childrenOf(each, 'TxDtls'));
  const date = dateOf(entry, 'BookgDt') ?? dateOf(entry, 'ValDt');
  if (date === undefined) throw refused('the entry has no date', at);
  const valueDate = dateOf(entry, 'ValDt');
  const bankReference = textAt(entry, 'AcctSvcrRef') ?? soleReference(details);
  const detailSum = sumOf(details, signed, currency, at);
  const status = textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts');
  return {
    date,
    ...(valueDate === undefined ? {} : { valueDate }),
    amount: signed,
    status: status === 'BOOK' ? 'booked' : 'other',
    isReversal: isTrue(textAt(entry, 'RvslInd')),
    ...(bankReference === undefined ? {} : { bankReference }),
    texts: textsOf(entry, details),
    parties: partiesOf(details),
    ...(detailSum === undefined ? {} : { detailSum }),
    isExchanged: [...everyElement(entry, 'XchgRate')].length > 0 || isInOther(entry, currency),
    place,
  };
}

/** The amount beside an indicator, signed. Zero has no sign: real files mark 0.00 as a debit. */
export function amountOf(holder: Element, where: string, currency: string): Amount {
  const element = elementAt(holder, 'Amt');
  if (element === undefined) throw refused('there is no amount', where);
  if (element.currency !== undefined && element.currency !== currency) {
    throw refused(`an amount in ${element.currency} stands on an account in ${currency}`, where);
  }
  const value = unsigned(element.text, currency, where);
  const indicator = textAt(holder, 'CdtDbtInd');
  if (value !== 0 && indicator !== 'CRDT' && indicator !== 'DBIT') throw refused('the amount has no indicator', where);
  return indicator === 'DBIT' ? negate(value) : value;
}

/** Decimal text without a sign, exactly: what has more decimals than the currency is refused. */
export function unsigned(text: string, currency: string, where: string): Amount {
  const written = text.trim().replace(/^\+/, '').replace(/^\./, '0.').replace(/\.$/, '');
  try {
    const value = parseAmount(written, decimalsOf(currency));
    if (value >= 0) return value;
  } catch {
    // Said below, with its place.
  }
  throw refused(`"${text.trim().slice(0, 40)}" is not an amount of ${currency}`, where);
}

export function countAndSum(totals: Element | undefined, currency: string, where: string): CountAndSum | undefined {
  if (totals === undefined) return undefined;
  const count = textAt(totals, 'NbOfNtries');
  const total = textAt(totals, 'Sum');
  return {
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(total === undefined ? {} : { sum: unsigned(total, currency, where) }),
  };
}

/** A date, or a moment: of that the date as the bank writes it, in its own zone. */
export function dateOf(element: Element, ...path: readonly string[]): PlainDate | undefined {
  const text = (textAt(element, ...path, 'Dt') ?? textAt(element, ...path, 'DtTm') ?? textAt(element, ...path))?.slice(
    0,
    10,
  );
  return text !== undefined && isPlainDate(text) ? text : undefined;
}

export function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

export function refused(what: string, where: string): BilagError {
  return new BilagError('rejected', {
    what,
    where,
    action: 'fetch the statement from the bank again; nothing of it was read',
  });
}

function soleReference(details: readonly Element[]): string | undefined {
  const [detail, ...more] = details;
  return detail === undefined || more.length > 0 ? undefined : textAt(detail, 'Refs', 'AcctSvcrRef');
}

/** Only what several details come to is compared: a single one may show the amount before a charge. */
function sumOf(details: readonly Element[], whole: Amount, currency: string, where: string): Amount | undefined {
  if (details.length < 2) return undefined;
  const amounts: Amount[] = [];
  for (const detail of details) {
    const told = elementAt(detail, 'Amt') ?? elementAt(detail, 'AmtDtls', 'TxAmt', 'Amt');
    if (told === undefined || (told.currency !== undefined && told.currency !== currency)) return undefined;
    const value = unsigned(told.text, currency, where);
    const indicator = textAt(detail, 'CdtDbtInd') ?? (whole < 0 ? 'DBIT' : 'CRDT');
    amounts.push(indicator === 'DBIT' ? negate(value) : value);
  }
  return sum(amounts);
}

function isInOther(entry: Element, currency: string): boolean {
  return [...everyElement(entry, 'Amt')].some((each) => each.currency !== undefined && each.currency !== currency);
}

/** Banks put the sender's text where they like, and wrap it: its parts are given one by one and as one. */
function textsOf(entry: Element, details: readonly Element[]): readonly string[] {
  const texts = new Set<string>();
  const keep = (text: string | undefined): void => {
    if (text !== undefined && text !== '') texts.add(text);
  };
  keep(textAt(entry, 'AddtlNtryInf'));
  for (const detail of details) {
    keep(textAt(detail, 'AddtlTxInf'));
    const parts = [...everyElement(detail, 'Ustrd')].map(({ text }) => text.trim());
    for (const part of parts) keep(part);
    if (parts.length > 1) for (const glue of ['', ' ']) keep(parts.join(glue));
    for (const { text } of everyElement(detail, 'AddtlRmtInf')) keep(text.trim());
    keep(textAt(detail, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref'));
    keep(textAt(detail, 'Refs', 'EndToEndId'));
  }
  return [...texts];
}

function partiesOf(details: readonly Element[]): readonly string[] {
  const names = details
    .flatMap((detail) => childrenOf(detail, 'RltdPties'))
    .flatMap((each) => [...everyElement(each, 'Nm')]);
  return [...new Set(names.map(({ text }) => text.trim()).filter(Boolean))];
}
