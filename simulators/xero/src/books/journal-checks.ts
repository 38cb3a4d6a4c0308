import {
  addedVat,
  containedVat,
  formatAmount,
  isPlainDate,
  parseAmount,
  plainDate,
  zero,
  type Amount,
} from '@bilag/core';
import { NumberText } from '@bilag/fault-server';
import type { XeroAccountOptions } from '../xero-options.ts';
import type { HeldXeroLine } from './held.ts';
import { totalsOf, type JournalParts, type XeroOrganisation } from './xero-organisation.ts';
import { badData } from './xero-refusal.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A journal that is checked: what is to be held of it, and what Xero says to it. */
export interface CheckedJournal {
  readonly parts: JournalParts;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)) {
    return value as Fields;
  }
  throw badData('The data is no object.');
}

/** Fields that are not known are left out, and problems are told in words. */
export function checkJournal(value: unknown, organisation: XeroOrganisation): CheckedJournal {
  const sent = fieldsOf(value);
  const problems: string[] = [];
  const warnings: string[] = [];
  const status = textOf(sent['Status']) === 'POSTED' ? 'POSTED' : 'DRAFT';
  const kinds = ['Inclusive', 'Exclusive', 'NoTax'] as const;
  const lineAmountTypes = kinds.find((kind) => kind === sent['LineAmountTypes']) ?? 'NoTax';
  const narration = textOf(sent['Narration']);
  if (narration === '') problems.push('A Narration must be specified.');
  const date = textOf(sent['Date']).replace(/T00:00:00$/, '');
  if (!isPlainDate(date)) problems.push('The Date is not valid.');
  const lock = organisation.lockOf();
  if (lock !== undefined && date <= lock) {
    problems.push(`The document date cannot be on or before the lock date, currently ${lock}.`);
  }
  const given = sent['JournalLines'];
  if (given !== undefined && !Array.isArray(given)) throw badData('JournalLines is no list.');
  const lines = (given ?? []).map((line: unknown) =>
    readLine(fieldsOf(line), { organisation, lineAmountTypes, status, problems, warnings }),
  );
  if (lines.length < 2) problems.push('A manual journal must have at least two lines.');
  const { debit, credit } = totalsOf({ lines, lineAmountTypes });
  if (debit + credit !== 0) {
    problems.push(`The total debits (${formatAmount(debit)}) must equal total credits (${formatAmount(credit)})`);
  }
  const parts = { narration, date: plainDate(isPlainDate(date) ? date : '1970-01-01'), status, lineAmountTypes, lines };
  return { parts: parts as JournalParts, problems, warnings };
}

interface Reading {
  readonly organisation: XeroOrganisation;
  readonly lineAmountTypes: JournalParts['lineAmountTypes'];
  readonly status: JournalParts['status'];
  readonly problems: string[];
  readonly warnings: string[];
}

function readLine(sent: Fields, reading: Reading): HeldXeroLine {
  const { organisation, lineAmountTypes, problems } = reading;
  const code = textOf(sent['AccountCode']);
  const account = accountOf(code, reading);
  const amount = amountOf(sent['LineAmount']);
  const taxType = textOf(sent['TaxType']) || 'NONE';
  const rate = organisation.taxRates.get(taxType);
  if (rate === undefined) {
    problems.push(`The TaxType code '${taxType}' does not exist or cannot be used for this type of transaction.`);
  } else if (account !== undefined && rate.appliesTo?.includes(account.class) === false) {
    problems.push(`The TaxType code '${taxType}' cannot be used with account code '${code}'.`);
  }
  const basisPoints = lineAmountTypes === 'NoTax' ? 0 : Math.round((rate?.percent ?? 0) * 100);
  const taxAmount = lineAmountTypes === 'Inclusive' ? containedVat(amount, basisPoints) : addedVat(amount, basisPoints);
  const description = textOf(sent['Description']);
  return {
    amount,
    account: account?.code,
    taxType: lineAmountTypes === 'NoTax' ? 'NONE' : taxType,
    taxAmount,
    description,
    tracking: trackingOf(sent['Tracking'], reading),
  };
}

/** Of a draft a code that is not known is taken out, with a warning; what is posted has to have one. */
function accountOf(
  code: string,
  { organisation, status, problems, warnings }: Reading,
): XeroAccountOptions | undefined {
  const account = organisation.accounts.get(code);
  if (account === undefined && status === 'DRAFT') {
    warnings.push(`Account code '${code}' has been removed as it does not match a recognised account.`);
    return undefined;
  }
  if (
    account === undefined ||
    account.type === 'BANK' ||
    account.systemAccount !== undefined ||
    account.isArchived === true
  ) {
    problems.push(`Account code '${code}' is not a valid code for this document.`);
  }
  return account;
}

function trackingOf(value: unknown, { organisation, problems }: Reading): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw badData('Tracking is no list.');
  return Object.fromEntries(
    value.map((one: unknown) => {
      const { Name, Option } = fieldsOf(one);
      const [name, option] = [textOf(Name), textOf(Option)];
      const options = Object.hasOwn(organisation.tracking, name) ? organisation.tracking[name] : undefined;
      if (options?.includes(option) !== true) problems.push(`Tracking category '${name}' has no option '${option}'.`);
      return [name, option];
    }),
  );
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw badData('A text is no text.');
}

function amountOf(value: unknown): Amount {
  if (value === undefined) return zero;
  if (value instanceof NumberText && /^-?\d{1,13}(?:\.\d\d?0*)?$/.test(value.text)) return parseAmount(value.text);
  throw badData('An amount is no number of two decimals.');
}
