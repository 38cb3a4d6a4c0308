import { voucherReference, type ViewedLine, type Voucher } from '@bilag/core';
import type { Period } from './fiscal-year.ts';
import type { Model } from './model.ts';
import type { NorwegianVat } from './norwegian-vat.ts';
import { analysisText, descriptionHead, longestReference, NameTexts, type LinePlace } from './name-texts.ts';
import { remembered } from '../remembered.ts';
import { cleanText, cutText, element, escapeText } from '../xml/text.ts';
import { voucherTypeAnalysis, voucherTypes } from '../voucher-types.ts';

/** How much text of one voucher is handed on at once. */
const pieceLength = 16 * 1024;

/**
 * Writes transactions as text. Millions of lines go through here, so it joins strings that are prepared once for each
 * account, tax code and dimension; the tests hold it against the same document made by xmlbuilder2.
 */
export interface TransactionWriter {
  /** Throws where a voucher names what the book does not list, or has a reference that is too long. */
  check(voucher: Voucher, lines: readonly ViewedLine[]): void;
  /** A voucher as XML, in pieces of about 16 k characters. Throws as {@link check} does. */
  pieces(voucher: Voucher, lines: readonly ViewedLine[]): Generator<string, void, undefined>;
}

export function createTransactionWriter(model: Model): TransactionWriter {
  const { profile, periodOf, norwegianVat } = model;
  const names = new NameTexts(model);
  const description = remembered((text) => escapeText(cutText(text, longestDescription)));
  const referenceNumber = remembered(escapeText);
  const voucherDescription = remembered((text) => escapeText(cutText(text, longestDescription)));
  const dates = remembered((date: Voucher['date']) => dateFields(date, periodOf(date)));

  function head(voucher: Voucher, reference: string): string {
    const { dated, entered } = dates(voucher.date);
    return `      <Transaction>
        <TransactionID>${reference}</TransactionID>
${dated}        <SourceID>Bilag</SourceID>
${profile.voucherType ? voucherTypeFields[voucher.document] : ''}        <TransactionType>Normal</TransactionType>
        <Description>${voucherDescription(voucher.description || reference)}</Description>
${entered}`;
  }

  function lineText(line: ViewedLine, reference: string, place: LinePlace): string {
    const { voucher } = place;
    const side = line.amount < 0 ? credit : debit;
    const own = line.reference || reference;
    const isLong = own.length > longestReference;
    const text = line.text || voucher.description || reference;
    const described = isLong ? escapeText(withReference(text, names.inDescription(own, place))) : description(text);
    const tax = line.vat === undefined ? side.end : side.beforeTax + taxText(line, line.vat, place);
    return `${lineHead}${place.recordId}${namesOf(line, place)}${described}${side.start}${kroner(line.amount)}${tax}${referenceNumber(isLong ? reference : own)}${lineEnd}`;
  }

  /** From the end of the number to the description. Few lines have more than an account. */
  function namesOf(line: ViewedLine, place: LinePlace): string {
    const account = names.account(line.account, place);
    if (profile.voucherType && line.dimensions === undefined && line.party === undefined)
      return account.withDescription;
    let text = account.alone;
    if (!profile.voucherType) text += voucherTypeAnalyses[place.voucher.document];
    if (line.dimensions !== undefined) text += names.analyses(line.dimensions, place);
    if (line.party !== undefined) text += names.party(line.party, line.account, place);
    return text + descriptionHead;
  }

  function taxText(line: ViewedLine, vat: NonNullable<ViewedLine['vat']>, place: LinePlace): string {
    // The side is that of the VAT posting, which is the line's own: VAT is signed like its line.
    const sign = line.amount < 0 ? -1 : 1;
    const amount = vat.amount * sign;
    const isCredit = amount === 0 ? sign < 0 : vat.amount < 0;
    const name = profile.sidedTaxAmount ? (isCredit ? 'CreditTaxAmount' : 'DebitTaxAmount') : 'TaxAmount';
    return `          <TaxInformation>
${names.tax(vat, place)}            <TaxBase>${signedKroner(vat.net * sign)}</TaxBase>
            <${name}>
              <Amount>${profile.sidedTaxAmount ? kroner(amount) : signedKroner(amount)}</Amount>
            </${name}>
${norwegianVat === undefined || amount === 0 ? '' : vatInKroner(norwegianVat, vat, sign, isCredit, place.voucher)}          </TaxInformation>
          <ReferenceNumber>`;
  }

  return {
    check(voucher, lines) {
      const place = { voucher, recordId: 0 };
      for (const line of lines) {
        place.recordId += 1;
        names.check(line, place);
      }
    },
    *pieces(voucher, lines) {
      const reference = voucherReference(voucher);
      const place = { voucher, recordId: 0 };
      let text = head(voucher, reference);
      for (const line of lines) {
        place.recordId += 1;
        text += lineText(line, reference, place);
        if (text.length >= pieceLength) {
          yield text;
          text = '';
        }
      }
      yield `${text}      </Transaction>\n`;
    },
  };
}

/** VAT and its base in kroner, on the side of the VAT and signed as the base beside it. */
function vatInKroner(
  norwegianVat: NorwegianVat,
  vat: NonNullable<ViewedLine['vat']>,
  sign: number,
  isCredit: boolean,
  voucher: Voucher,
): string {
  const name = isCredit ? 'CreditNOKTaxAmount' : 'DebitNOKTaxAmount';
  return `            <${name}>
              <NOKAmount>${kroner(norwegianVat.inOre(vat.amount, voucher))}</NOKAmount>
              <NOKTaxBase>${signedKroner(norwegianVat.inOre(vat.net * sign, voucher))}</NOKTaxBase>
            </${name}>
`;
}

const longestDescription = 256;
const lineHead = '        <Line>\n          <RecordID>';
const lineEnd = '</ReferenceNumber>\n        </Line>\n';
const debit = sideText('DebitAmount');
const credit = sideText('CreditAmount');

/** What stands between a line's description, its amount and what follows: the tax or the reference. */
function sideText(name: string): { readonly start: string; readonly beforeTax: string; readonly end: string } {
  const beforeTax = `</Amount>\n          </${name}>\n`;
  return {
    start: `</Description>\n          <${name}>\n            <Amount>`,
    beforeTax,
    end: `${beforeTax}          <ReferenceNumber>`,
  };
}

/** What a date comes to in a transaction: before its kind, and after its description. */
function dateFields(date: string, { number, year }: Period): { readonly dated: string; readonly entered: string } {
  return {
    dated:
      element(8, 'Period', `${number}`) + element(8, 'PeriodYear', `${year}`) + element(8, 'TransactionDate', date),
    entered: element(8, 'SystemEntryDate', date) + element(8, 'GLPostingDate', date),
  };
}

/** The kinds of voucher in fields of the transaction, from 1.30 on. */
const voucherTypeFields = eachVoucherType(
  ({ id, description }) => element(8, 'VoucherType', id) + element(8, 'VoucherDescription', description),
);

/** The kinds of voucher in an analysis of each line, as the schema of 1.20 asks for on every transaction. */
const voucherTypeAnalyses = eachVoucherType(({ id }) => analysisText(voucherTypeAnalysis, id));

function eachVoucherType(
  write: (type: { readonly id: string; readonly description: string }) => string,
): Readonly<Record<Voucher['document'], string>> {
  return { sale: write(voucherTypes.sale), journal: write(voucherTypes.journal) };
}

/** A description that has a long reference whole. */
function withReference(text: string, reference: string): string {
  const whole = cleanText(reference);
  const cut = cutText(text, longestDescription);
  if (cut.includes(whole)) return cut;
  // The text begins a long reference.
  const begun = whole.length > 60 && text.endsWith(whole.slice(0, 60)) ? text.slice(0, -60).trimEnd() : text;
  const ending = ` (${whole})`;
  return cutText(begun, longestDescription - ending.length) + ending;
}

/** Minor units of a currency with two decimals, without their sign: quicker than {@link formatAmount}, which takes any. */
function kroner(value: number): string {
  const magnitude = value < 0 ? -value : value;
  const rest = magnitude % 100;
  return `${(magnitude - rest) / 100}${rest < 10 ? '.0' : '.'}${rest}`;
}

function signedKroner(value: number): string {
  return value < 0 ? `-${kroner(value)}` : kroner(value);
}
