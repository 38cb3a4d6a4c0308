import { BilagError, named, voucherReference, type ViewedLine, type Voucher } from '@bilag/core';
import { notInBook, partyKey, type Model } from './model.ts';
import { element } from '../xml/text.ts';
import { percentageOf } from '../tax-codes.ts';

/** Where a line stands, for a refusal. */
export interface LinePlace {
  readonly voucher: Voucher;
  /** From 1. */
  readonly recordId: number;
}

/**
 * What accounts, VAT codes, dimensions and parties look like in a line: prepared once for each. Throws `rejected` for one that
 * the book does not list.
 */
export class NameTexts {
  readonly #model: Model;
  readonly #accounts: ReadonlyMap<string, AccountText>;
  readonly #taxes: Map<string, { readonly rateBasisPoints: number; readonly text: string }> = new Map();
  readonly #analyses: Map<string, string> = new Map();

  constructor(model: Model) {
    this.#model = model;
    this.#accounts = new Map([...model.accounts.keys()].map((number) => [number, accountText(number)]));
  }

  /** Throws where a line names what the book does not list, or has a reference that is too long. */
  check(line: ViewedLine, place: LinePlace): void {
    this.account(line.account, place);
    if (line.vat !== undefined) this.tax(line.vat, place);
    if (line.dimensions !== undefined) this.analyses(line.dimensions, place);
    if (line.party !== undefined) this.party(line.party, line.account, place);
    if (line.reference !== undefined && line.reference.length > longestReference)
      this.inDescription(line.reference, place);
  }

  account(number: string, place: LinePlace): AccountText {
    const text = this.#accounts.get(number);
    if (text === undefined) throw notInBook(`account ${number}`, whereIs(place));
    return text;
  }

  /** The fields before the amounts. */
  tax({ code, rateBasisPoints }: NonNullable<ViewedLine['vat']>, place: LinePlace): string {
    const known = this.#taxes.get(code);
    if (known?.rateBasisPoints === rateBasisPoints) return known.text;
    const percentage = percentageOf(rateBasisPoints);
    if (this.#model.taxCodes.get(code)?.rates.has(rateBasisPoints) !== true) {
      throw notInBook(`VAT code ${code} with ${percentage} %`, whereIs(place));
    }
    const fields = [
      ['TaxType', 'MVA'],
      ['TaxCode', code],
      ['TaxPercentage', percentage],
      ['Country', 'NO'],
    ] as const;
    const text = fields.map(([name, value]) => element(12, name, value)).join('');
    this.#taxes.set(code, { rateBasisPoints, text });
    return text;
  }

  analyses(values: Readonly<Record<string, string>>, place: LinePlace): string {
    let text = '';
    for (const type in values) text += this.#analysis(type, named(values, type) ?? '', place);
    return text;
  }

  #analysis(type: string, id: string, place: LinePlace): string {
    const key = `${type}\n${id}`;
    const known = this.#analyses.get(key);
    if (known !== undefined) return known;
    const dimension = this.#model.dimensions.get(type);
    if (dimension?.values.has(id) !== true) throw notInBook(`value ${id} of dimension ${type}`, whereIs(place));
    const text = analysisText(dimension.type, id);
    this.#analyses.set(key, text);
    return text;
  }

  party(party: NonNullable<ViewedLine['party']>, account: string, place: LinePlace): string {
    const known = this.#model.parties.get(partyKey(party));
    if (known?.some((balance) => balance.account === account) !== true) {
      throw notInBook(`${party.kind} ${party.id} on account ${account}`, whereIs(place));
    }
    return element(10, party.kind === 'customer' ? 'CustomerID' : 'SupplierID', party.id);
  }

  /** A reference that is too long for its field, where it may stand in the description. */
  inDescription(reference: string, place: LinePlace): string {
    if (this.#model.config.longReferences === 'description' && reference.length <= 200) return reference;
    throw new BilagError('rejected', {
      what: `the reference has ${reference.length} characters and ReferenceNumber takes ${longestReference}`,
      where: whereIs(place),
      action:
        'references are never cut: set longReferences to "description" to write it whole in the line\'s description',
    });
  }
}

/** What ReferenceNumber takes. */
export const longestReference = 35;

/** An account after the number of its line, and the same when the description comes next. */
export interface AccountText {
  readonly alone: string;
  readonly withDescription: string;
}

function accountText(number: string): AccountText {
  const alone = `</RecordID>\n${element(10, 'AccountID', number)}`;
  return { alone, withDescription: alone + descriptionHead };
}

export const descriptionHead = '          <Description>';

export function analysisText(type: string, id: string): string {
  return `          <Analysis>\n${element(12, 'AnalysisType', type)}${element(12, 'AnalysisID', id)}          </Analysis>\n`;
}

function whereIs({ voucher, recordId }: LinePlace): string {
  return `voucher ${voucherReference(voucher)}, line ${recordId}`;
}
