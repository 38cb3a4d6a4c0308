import { BilagError, formatAmount, voucherReference, type ViewedLine, type Voucher, named } from '@bilag/core';
import { periodOf } from './fiscal-year.ts';
import { notInBook, partyKey, type Model } from '../model.ts';
import { cleanText, cutText, escapeText } from '../xml/text.ts';
import { voucherTypeAnalysis, voucherTypes } from '../voucher-types.ts';

/** How much text of one voucher is handed on at once. */
const pieceLength = 16 * 1024;

/**
 * Writes transactions as text. Millions of lines go through here, so it joins strings that are prepared once for each
 * account, tax code and dimension; the tests hold it against the same document made by xmlbuilder2.
 */
export interface TransactionWriter {
  /** A voucher as XML, in pieces of about 16 k characters. Throws where a reference is unknown or too long. */
  pieces(voucher: Voucher, lines: readonly ViewedLine[]): Generator<string, void, undefined>;
}

export function createTransactionWriter(model: Model): TransactionWriter {
  const accounts = new Map(
    [...model.accounts.keys()].map((number) => [number, `</RecordID>\n${element(10, 'AccountID', number)}`]),
  );
  const taxes = new Map<string, TaxText>();
  const dimensions = new Map<string, string>();
  const { profile, config } = model;

  function lineText(voucher: Voucher, line: ViewedLine, recordId: number, reference: string): string {
    const where = (): string => `voucher ${reference}, line ${recordId}`;
    const account = accounts.get(line.account);
    if (account === undefined) throw notInBook(`account ${line.account}`, where());
    const side = line.amount < 0 ? credit : debit;
    const own = referenceOf(line, reference, where);
    let text = lineHead + recordId + account;
    if (!profile.voucherType) text += voucherTypeAnalyses[voucher.document];
    if (line.dimensions !== undefined) text += analysisText(line.dimensions, where);
    if (line.party !== undefined) text += partyText(line.party, line.account, where);
    text += descriptionHead + escapeText(descriptionOf(voucher, line, own.inDescription));
    text += side.open + unsigned(line.amount) + side.close;
    if (line.vat !== undefined) text += taxText(line, line.vat, where);
    return text + referenceHead + escapeText(own.reference) + lineEnd;
  }

  function referenceOf(
    line: ViewedLine,
    reference: string,
    where: () => string,
  ): { readonly reference: string; readonly inDescription?: string } {
    if (line.reference === undefined || line.reference === '') return { reference };
    if (line.reference.length <= 35) return { reference: line.reference };
    if (config.longReferences === 'description' && line.reference.length <= 200) {
      return { reference, inDescription: line.reference };
    }
    throw new BilagError('rejected', {
      what: `the reference has ${line.reference.length} characters and ReferenceNumber takes 35`,
      where: where(),
      action:
        'references are never cut: set longReferences to "description" to write it whole in the line\'s description',
    });
  }

  function taxText(line: ViewedLine, vat: NonNullable<ViewedLine['vat']>, where: () => string): string {
    let text = taxes.get(vat.code);
    if (text === undefined || text.rateBasisPoints !== vat.rateBasisPoints) {
      if (model.taxCodes.get(vat.code)?.rates.has(vat.rateBasisPoints) !== true) {
        throw notInBook(`VAT code ${vat.code} with ${percentageOf(vat.rateBasisPoints)} %`, where());
      }
      text = { rateBasisPoints: vat.rateBasisPoints, head: taxHead(vat.code, vat.rateBasisPoints) };
      taxes.set(vat.code, text);
    }
    // The side is that of the VAT posting, which is the line's own: VAT is signed like its line.
    const sign = line.amount < 0 ? -1 : 1;
    const amount = vat.amount * sign;
    const sided = profile.sidedTaxAmount;
    const name = sided
      ? `${amount * sign < 0 || (amount === 0 && sign < 0) ? 'Credit' : 'Debit'}TaxAmount`
      : 'TaxAmount';
    return `${text.head}            <TaxBase>${signed(vat.net * sign)}</TaxBase>
            <${name}>
              <Amount>${sided ? unsigned(amount) : signed(amount)}</Amount>
            </${name}>
          </TaxInformation>
`;
  }

  function analysisText(values: Readonly<Record<string, string>>, where: () => string): string {
    let all = '';
    for (const type in values) {
      const id = named(values, type) ?? '';
      const key = `${type}\n${id}`;
      let text = dimensions.get(key);
      if (text === undefined) {
        const dimension = model.dimensions.get(type);
        if (dimension?.values.has(id) !== true) throw notInBook(`value ${id} of dimension ${type}`, where());
        text = `          <Analysis>\n${element(12, 'AnalysisType', dimension.type)}${element(12, 'AnalysisID', id)}          </Analysis>\n`;
        dimensions.set(key, text);
      }
      all += text;
    }
    return all;
  }

  function partyText(party: NonNullable<ViewedLine['party']>, account: string, where: () => string): string {
    const known = model.parties.get(partyKey(party));
    if (known?.some((balance) => balance.account === account) !== true) {
      throw notInBook(`${party.kind} ${party.id} on account ${account}`, where());
    }
    return element(10, party.kind === 'customer' ? 'CustomerID' : 'SupplierID', party.id);
  }

  function head(voucher: Voucher, reference: string): string {
    const { number, year } = periodOf(voucher.date, model.fiscalYear);
    return `      <Transaction>
        <TransactionID>${reference}</TransactionID>
        <Period>${number}</Period>
        <PeriodYear>${year}</PeriodYear>
        <TransactionDate>${voucher.date}</TransactionDate>
        <SourceID>Bilag</SourceID>
${profile.voucherType ? voucherTypeFields[voucher.document] : ''}        <TransactionType>Normal</TransactionType>
        <Description>${escapeText(cutText(voucher.description || reference, 256))}</Description>
        <SystemEntryDate>${voucher.date}</SystemEntryDate>
        <GLPostingDate>${voucher.date}</GLPostingDate>
`;
  }

  return {
    *pieces(voucher, lines) {
      const reference = voucherReference(voucher);
      let text = head(voucher, reference);
      let recordId = 0;
      for (const line of lines) {
        recordId += 1;
        text += lineText(voucher, line, recordId, reference);
        if (text.length >= pieceLength) {
          yield text;
          text = '';
        }
      }
      yield `${text}      </Transaction>\n`;
    },
  };
}

const lineHead = '        <Line>\n          <RecordID>';
const descriptionHead = '          <Description>';
const referenceHead = '          <ReferenceNumber>';
const lineEnd = '</ReferenceNumber>\n        </Line>\n';
const debit = sideText('DebitAmount');
const credit = sideText('CreditAmount');

/** What stands between a line's description, its amount and what follows. */
function sideText(name: string): { readonly open: string; readonly close: string } {
  return {
    open: `</Description>\n          <${name}>\n            <Amount>`,
    close: `</Amount>\n          </${name}>\n`,
  };
}

interface TaxText {
  readonly rateBasisPoints: number;
  readonly head: string;
}

/** VAT stands on the base line alone; the line of the VAT account has none. */
function taxHead(code: string, rateBasisPoints: number): string {
  return `          <TaxInformation>
            <TaxType>MVA</TaxType>
            <TaxCode>${escapeText(code)}</TaxCode>
            <TaxPercentage>${percentageOf(rateBasisPoints)}</TaxPercentage>
            <Country>NO</Country>
`;
}

/** Basis points as a percentage without needless zeros: 2500 is `25`, 1111 is `11.11`. */
export function percentageOf(rateBasisPoints: number): string {
  return formatAmount(rateBasisPoints as Parameters<typeof formatAmount>[0]).replace(/\.?0+$/, '');
}

/** The kinds of voucher in fields of the transaction, from 1.30 on. */
const voucherTypeFields = eachVoucherType(
  ({ id, description }) => element(8, 'VoucherType', id) + element(8, 'VoucherDescription', description),
);

/** The kinds of voucher in an analysis of each line, as the schema of 1.20 asks for on every transaction. */
const voucherTypeAnalyses = eachVoucherType(
  ({ id }) =>
    `          <Analysis>\n${element(12, 'AnalysisType', voucherTypeAnalysis)}${element(12, 'AnalysisID', id)}          </Analysis>\n`,
);

function eachVoucherType(
  write: (type: { readonly id: string; readonly description: string }) => string,
): Readonly<Record<Voucher['document'], string>> {
  return { sale: write(voucherTypes.sale), journal: write(voucherTypes.journal) };
}

function descriptionOf(voucher: Voucher, line: ViewedLine, reference: string | undefined): string {
  const text = line.text || voucher.description || voucherReference(voucher);
  const whole = cleanText(reference ?? '');
  // The text begins a long reference, or has it whole already.
  const begun = whole.length > 60 && text.endsWith(whole.slice(0, 60)) ? text.slice(0, -60).trimEnd() : text;
  const cut = cutText(text, 256);
  if (reference === undefined || cut.includes(whole)) return cut;
  const ending = ` (${whole})`;
  return cutText(begun, 256 - ending.length) + ending;
}

function element(indent: number, name: string, value: string): string {
  return `${' '.repeat(indent)}<${name}>${escapeText(value)}</${name}>\n`;
}

function unsigned(value: number): string {
  return signed(value < 0 ? -value : value);
}

function signed(value: number): string {
  return formatAmount(value as Parameters<typeof formatAmount>[0]);
}
