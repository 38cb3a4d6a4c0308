import { NumberText } from '@bilag/fault-server';
import { isPlainDate, parseAmount, type Amount, type PlainDate, sum } from '@bilag/core';
import type { VoucherDraft } from './company-books.ts';
import type { CompanyDirectory, HeldAccount, Numbered } from './company-directory.ts';
import type { PostingDraft } from './held-voucher.ts';
import { recordOf, sentObject, textOf, unmapped, withKnownNames, type Sent } from '../request-fields.ts';
import { invalid } from '../tripletex-replies.ts';
import { isPostable } from './tripletex-vat.ts';

/** Reads a voucher that somebody posts, as Tripletex checks it: one reason at a time, the first that is found. */
export function readVoucher(body: Uint8Array, directory: CompanyDirectory, isPosted: boolean): VoucherDraft {
  const sent = sentObject(body, 'voucher');
  const mapped = postingsOf(sent['postings']);
  const description = textOf(sent['description'], 'description');
  const external = textOf(sent['externalVoucherNumber'], 'externalVoucherNumber');
  const date = required(sent['date'], 'date');
  if (typeof date !== 'string' || !isPlainDate(date)) throw unmapped('date');
  if (mapped === undefined) throw invalid('postings', 'Kan ikke være null.');
  if ((external ?? '').length > 70) throw invalid('externalVoucherNumber', 'Maks lengde er 70.');
  if (mapped.length === 0) throw invalid('postings', 'Et bilag kan ikke registreres uten posteringer.');
  const postings = mapped.map((posting) => readPosting(posting, date, directory));
  refuseUnbalanced(postings);
  return {
    date,
    description: String(required(description, 'description')),
    externalVoucherNumber: external ?? null,
    voucherType: voucherTypeOf(sent['voucherType'], directory),
    postings,
    isPosted,
  };
}

/** Everything is read into its object before anything is judged: a name nobody knows is told first. */
function postingsOf(value: unknown): readonly Sent[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw unmapped('postings');
  return value.map((one: unknown) => {
    const sent = withKnownNames(one, 'posting', 'postings');
    textOf(sent['description'], 'postings.description');
    for (const name of [...partNames, ...absentRegisters]) {
      const part = sent[name];
      if (part === undefined || part === null) continue;
      if (name === 'account' || name === 'vatType') withKnownNames(part, name, `postings.${name}`);
      else recordOf(part, `postings.${name}`);
    }
    return sent;
  });
}

const partNames = ['account', 'vatType', 'currency', 'customer', 'supplier', 'department', 'project'] as const;

/** What a simulated company has none of, so that every id of it is a wrong one. */
const absentRegisters = [
  'employee',
  'product',
  'closeGroup',
  'asset',
  'amortizationAccount',
  'freeAccountingDimension1',
  'freeAccountingDimension2',
  'freeAccountingDimension3',
] as const;

function readPosting(sent: Sent, voucherDate: PlainDate, directory: CompanyDirectory): PostingDraft {
  const row = Number(sent['row'] ?? 0);
  if (!Number.isInteger(row) || row < 1) {
    throw invalid(
      'postings.row',
      'Posteringene på rad 0 (guiRow 0) er systemgenererte og kan ikke opprettes eller endres på utsiden av Tripletex.',
    );
  }
  const date = sent['date'] ?? voucherDate;
  if (typeof date !== 'string' || !isPlainDate(date)) throw unmapped('postings.date');
  const account = accountOf(sent['account'], directory);
  const amountGross = amountOf(sent['amountGross'], 'postings.amountGross');
  if (amountGross !== amountOf(sent['amountGrossCurrency'], 'postings.amountGrossCurrency')) {
    throw invalid(
      'postings.amountGross',
      'Beløp (amountGross) må være det samme som valutabeløpet (amountGrossCurrency).',
    );
  }
  const currency = idOf(sent['currency']) ?? kroner;
  if (currency !== kroner) throw invalid('postings.currency.id', 'Simulatoren fører bare i norske kroner.');
  for (const name of absentRegisters) numberOf(sent[name], [], `postings.${name}.id`);
  const party = partyOf(sent, account, directory);
  const department = numberOf(sent['department'], directory.departments, 'postings.department.id');
  const project = numberOf(sent['project'], directory.projects, 'postings.project.id');
  for (const [name, given] of [['department', department] as const, ['project', project] as const]) {
    if (account.requires?.includes(name) === true && given === undefined) {
      throw invalid(`postings.${name}.id`, 'Kan ikke være null.');
    }
  }
  return {
    row,
    date,
    description: textOf(sent['description'], 'postings.description') ?? '',
    account: account.number,
    vatType: vatTypeOf(sent['vatType'], account, directory),
    amountGross,
    ...(department !== undefined && { department }),
    ...(project !== undefined && { project }),
    ...party,
  };
}

/** The id of the Norwegian krone. */
const kroner = 1;

function accountOf(value: unknown, directory: CompanyDirectory): HeldAccount {
  const id = idOf(value);
  // An account by number looks to Tripletex like a new account without a name (issue 112 of its API).
  if (id === undefined) throw invalid('postings.account.name', 'Kan ikke være null.');
  const account = directory.accounts.find((one) => one.id === id);
  if (account === undefined) throw invalid('postings.account.id', 'Ugyldig konto.');
  if (account.isInactive === true) throw invalid('postings.account.id', `Kontoen ${account.number} er inaktiv.`);
  return account;
}

/** Left out it is code 0, whatever the account's own code is. */
function vatTypeOf(value: unknown, account: HeldAccount, directory: CompanyDirectory): string {
  const id = idOf(value) ?? 0;
  const vatType = directory.vatTypes.find((one) => one.id === id);
  if (vatType === undefined) throw invalid('postings.vatType.id', 'Ugyldig mva-kode.');
  const { lockedTo } = account;
  if (lockedTo !== undefined && lockedTo !== vatType.number) {
    const name = directory.vatType(lockedTo)?.name ?? '';
    throw invalid(
      'postings.vatType.id',
      `Kontoen ${account.number} ${account.name} er låst til mva-kode ${lockedTo}: ${name}.`,
    );
  }
  if (!directory.legalVatTypes(account).includes(vatType) || !isPostable(vatType))
    throw invalid('postings.vatType.id', 'Ugyldig mva-kode.');
  return vatType.number;
}

function partyOf(
  sent: Sent,
  account: HeldAccount,
  directory: CompanyDirectory,
): { customer?: string; supplier?: string } {
  const customer = numberOf(sent['customer'], directory.customers, 'postings.customer.id');
  const supplier = numberOf(sent['supplier'], directory.suppliers, 'postings.supplier.id');
  if (account.ledger === 'CUSTOMER' && customer === undefined) throw invalid('postings.customer.id', 'Kunde mangler.');
  if (account.ledger === 'VENDOR' && supplier === undefined)
    throw invalid('postings.supplier.id', 'Leverandør mangler.');
  return { ...(customer !== undefined && { customer }), ...(supplier !== undefined && { supplier }) };
}

/** A department by its name is dropped without a word, so only an id counts. */
function numberOf(value: unknown, known: readonly Numbered[], field: string): string | undefined {
  const id = idOf(value);
  if (id === undefined) return undefined;
  const found = known.find((one) => one.id === id);
  if (found === undefined) throw invalid(field, 'Finnes ikke.');
  return found.number;
}

function voucherTypeOf(value: unknown, directory: CompanyDirectory): string | null {
  if (value === undefined || value === null) return null;
  const id = idOf(withKnownNames(value, 'voucherType', 'voucherType'));
  if (id === undefined) return null;
  const found = directory.voucherTypes.find((one) => one.id === id);
  if (found === undefined) throw invalid('voucherType.id', 'Ugyldig bilagstype.');
  if (found.name === 'Utgående faktura') throw invalid('voucherType', 'Bilagstypen kan ikke brukes.');
  return found.name;
}

function refuseUnbalanced(postings: readonly PostingDraft[]): void {
  for (const date of new Set(postings.map((posting) => posting.date))) {
    const total = sum(postings.filter((posting) => posting.date === date).map(({ amountGross }) => amountGross));
    if (total !== 0) throw invalid('', `Summen av posteringene for ${date} er ikke lik 0.`);
  }
  for (const row of new Set(postings.map((posting) => posting.row))) {
    const shared = postings.filter((posting) => posting.row === row);
    if (shared.length > 1 && sum(shared.map(({ amountGross }) => amountGross)) !== 0) {
      throw invalid('postings', `Summen av posteringene på rad ${row} er ikke lik 0.`);
    }
  }
}

/** Kroner as written, with no float between; what is beyond the second decimal is rounded away. */
function amountOf(value: unknown, field: string): Amount {
  if (!(value instanceof NumberText))
    throw value === undefined ? invalid(field, 'Kan ikke være null.') : unmapped(field);
  const [, whole = '', fraction = ''] = /^(-?\d+)(?:\.(\d+))?$/.exec(value.text) ?? [];
  if (whole === '') throw unmapped(field);
  const kept = parseAmount(`${whole}.${fraction.slice(0, 2).padEnd(2, '0')}`);
  const roundsUp = /^[5-9]/.test(fraction.slice(2));
  return roundsUp ? ((kept + (whole.startsWith('-') ? -1 : 1)) as Amount) : kept;
}

function required(value: unknown, field: string): unknown {
  if (value === undefined || value === null || value === '') throw invalid(field, 'Kan ikke være null.');
  return value;
}

function idOf(value: unknown): number | undefined {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined;
  return id instanceof NumberText ? Number(id.text) : undefined;
}
