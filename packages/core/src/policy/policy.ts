import { configObject } from '../contracts/config-object.ts';
import { configProblem } from '../contracts/config-problem.ts';
import { named } from '../named.ts';
import { quotedName } from '../quoted-name.ts';
import { z } from 'zod';
import { accountRoles, chartPresets, markets, type AccountRole, type Market } from './chart.ts';
import { BilagError } from '../errors.ts';
import { isPlainDate, type PlainDate } from '../money/plain-date.ts';
import { normaliseSalesUnit } from './sales-unit.ts';
import { languages, type Language } from './texts.ts';
import type { Amount } from '../money/amount.ts';

/** How a sale is taxed and where its revenue goes. Rates are basis points: 2500 is 25 %, 1111 is 11.11 %. */
export interface VatTreatment {
  readonly rateBasisPoints: number;
  /** The code on the revenue line, such as the SAF-T standard code `3`. */
  readonly code: string;
  /** The revenue account. */
  readonly account: string;
  /** The output VAT account; null where there is no VAT to post. */
  readonly vatAccount: string | null;
}

/** VAT on the provider's fees: normally none (an exempt payment service). Reverse charge is a kind of its own. */
export interface FeeVat {
  readonly kind: 'contained' | 'reverse-charge';
  readonly code: string;
  readonly rateBasisPoints: number;
  /** Input VAT for `contained`, VAT owed for `reverse-charge`; null at a rate of zero. */
  readonly account: string | null;
  /** Reverse charge: where the deduction goes; null without a right to deduct. */
  readonly deductionAccount?: string | null | undefined;
}

/**
 * What a sales unit's captures become. `sales`: revenue and VAT. `receivable`: they settle the receivable account gross.
 * `already-booked`: another system booked Dr clearing / Cr sales; captures are not booked again.
 */
export type RevenueTreatment = 'sales' | 'receivable' | 'already-booked';

export interface SalesUnitPolicy {
  readonly revenue: RevenueTreatment;
  /** The name of the VAT treatment; null only where no revenue is ever booked. */
  readonly sale: string | null;
  /** With `already-booked`: whether the other system books refunds too. */
  readonly refunds: 'book' | 'already-booked';
  readonly dimensions: Readonly<Record<string, string>>;
  /** With `receivable`: the customer whose these sales are, where the account asks for one and no invoice names another. */
  readonly customer?: string | undefined;
}

/** An invoice the merchant sent, paid through Vipps: the capture settles this receivable gross. */
export interface InvoiceReference {
  readonly account: string;
  readonly customer: string;
  readonly invoice?: string | undefined;
  readonly kid?: string | undefined;
}

/** The bookkeeping choices from a date on. */
export interface PolicyVersion {
  readonly from: PlainDate;
  readonly market: Market;
  readonly language: Language;
  /** The voucher series; absent: the provider's own. */
  readonly series?: string | undefined;
  readonly accounts: Readonly<Record<AccountRole, string>>;
  /** Names of accounts by number, where the label of the role is not enough. */
  readonly accountNames: Readonly<Record<string, string>>;
  /** Accounts of single ledgers, where they differ: one clearing account per ledger keeps them apart. */
  readonly ledgers: Readonly<Record<string, { readonly accounts: Readonly<Partial<Record<AccountRole, string>>> }>>;
  readonly vat: Readonly<Record<string, VatTreatment>>;
  /** For sales units that `salesUnits` does not name. */
  readonly sales: SalesUnitPolicy;
  readonly salesUnits: Readonly<Record<string, SalesUnitPolicy>>;
  readonly invoices: Readonly<Record<string, InvoiceReference>>;
  readonly fees: {
    readonly vat: FeeVat | null;
    /** Fees that are invoiced later: the cost at each sale (`accrue`), or when the invoice comes. */
    readonly invoiced: 'accrue' | 'on-invoice';
  };
  /** A disputed capture becomes a claim (`receivable`), or reverses the sale and its VAT (`refund`). */
  readonly disputes: 'receivable' | 'refund';
  /** A scheduled payout goes straight to the bank account, or waits in transit for the bank statement. */
  readonly payouts: 'direct' | 'in-transit';
  /** One line per entry, or one per account, VAT code, dimension and kind. VAT is computed per line. */
  readonly lines: 'entry' | 'summary';
  readonly grouping: 'date' | 'payout' | 'entry';
}

/** A ledger's balances when Bilag takes over, debit − credit as the provider tells them: fees owed are negative. */
export interface Opening {
  readonly funds: Amount;
  readonly fees: Amount;
  readonly inTransit: Amount;
}

/** The merchant's bookkeeping choices: one shape in TypeScript and JSON. Made by {@link definePolicy}. */
export interface Policy {
  /** Ascending by `from`; the first `from` is the cut-over: nothing earlier is booked. */
  readonly versions: readonly [PolicyVersion, ...PolicyVersion[]];
  /** By ledger id; a ledger without one starts at zero, and that is proved against the first balance too. */
  readonly openings: Readonly<Record<string, Opening>>;
  /** Postings on or before this date move to the day after it, with their original date and a finding. */
  readonly lockedThrough?: PlainDate | undefined;
  /** The provider as a supplier: named on every line of a `payable` account. */
  readonly supplier?: PolicyParty | undefined;
  /** Names of the customers that `invoices` mention. */
  readonly customers: Readonly<Record<string, { readonly name: string }>>;
  /** Names of dimension values: dimension → value → name. */
  readonly dimensionNames: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface PolicyParty {
  readonly id: string;
  readonly name: string;
  readonly registrationNumber?: string | undefined;
}

/** The same fields, none of them required: as a config or a program gives them. */
export type Given<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** A version as written: the market's preset fills what is left out; there is no default for the VAT of sales. */
export interface PolicyVersionInput extends Given<
  Omit<PolicyVersion, 'from' | 'accounts' | 'fees' | 'sales' | 'salesUnits'>
> {
  readonly from: string;
  readonly market: Market;
  readonly accounts?: Given<Record<AccountRole, string>> | undefined;
  readonly sales: Given<SalesUnitPolicy>;
  readonly salesUnits?: Readonly<Record<string, Given<SalesUnitPolicy>>> | undefined;
  readonly fees?: Given<PolicyVersion['fees']> | undefined;
}

/** A policy as written. */
export interface PolicyInput {
  readonly versions: readonly PolicyVersionInput[];
  readonly openings?: Readonly<
    Record<string, { readonly funds?: number; readonly fees?: number; readonly inTransit?: number }>
  >;
  readonly lockedThrough?: string;
  readonly supplier?: PolicyParty;
  readonly customers?: Policy['customers'];
  readonly dimensionNames?: Policy['dimensionNames'];
}

const date = z.string().refine(isPlainDate, 'write an existing day as YYYY-MM-DD') as unknown as z.ZodType<PlainDate>;
const account = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.:-]{0,69}$/, 'write an account number');
const wholeAmount = z.int().default(0) as unknown as z.ZodType<Amount>;
const textMap = z.record(z.string(), z.string().min(1));

const vatTreatment: z.ZodType<VatTreatment> = configObject({
  rateBasisPoints: z.int().min(0).max(10_000),
  code: z.string().min(1).max(35),
  account,
  vatAccount: account.nullable(),
}).refine((vat) => vat.rateBasisPoints === 0 || vat.vatAccount !== null, 'a rate needs a VAT account');

const feeVat: z.ZodType<FeeVat> = configObject({
  kind: z.enum(['contained', 'reverse-charge']).default('contained'),
  code: z.string().min(1).max(35),
  rateBasisPoints: z.int().min(0).max(10_000).default(0),
  account: account.nullable().default(null),
  deductionAccount: account.nullish(),
}).refine((vat) => vat.rateBasisPoints === 0 || vat.account !== null, 'a rate needs a VAT account');

const salesUnit = configObject({
  revenue: z.enum(['sales', 'receivable', 'already-booked']).optional(),
  sale: z.string().nullable().optional(),
  refunds: z.enum(['book', 'already-booked']).optional(),
  dimensions: textMap.optional(),
  customer: z.string().min(1).max(35).optional(),
});

const versionSchema = configObject({
  from: date,
  market: z.enum(markets),
  language: z.enum(languages).optional(),
  series: z
    .string()
    .regex(/^[A-Z0-9-]{1,10}$/, 'use at most 10 of A-Z, 0-9 and hyphen')
    .optional(),
  accounts: z.partialRecord(z.enum(accountRoles), account).default({}),
  accountNames: textMap.default({}),
  ledgers: z.record(z.string(), configObject({ accounts: z.partialRecord(z.enum(accountRoles), account) })).default({}),
  vat: z.record(z.string(), vatTreatment).default({}),
  sales: salesUnit,
  salesUnits: z.record(z.string(), salesUnit).default({}),
  invoices: z
    .record(
      z.string(),
      configObject({
        account,
        customer: z.string().min(1),
        invoice: z.string().optional(),
        kid: z.string().optional(),
      }),
    )
    .default({}),
  fees: configObject({
    vat: feeVat.nullable().default(null),
    invoiced: z.enum(['accrue', 'on-invoice']).default('accrue'),
  }).prefault({}),
  disputes: z.enum(['receivable', 'refund']).default('receivable'),
  payouts: z.enum(['direct', 'in-transit']).default('direct'),
  lines: z.enum(['entry', 'summary']).default('entry'),
  grouping: z.enum(['date', 'payout', 'entry']).default('date'),
});

const policySchema = configObject({
  versions: z.array(versionSchema).min(1, 'a policy needs at least one version'),
  openings: z
    .record(z.string(), configObject({ funds: wholeAmount, fees: wholeAmount, inTransit: wholeAmount }))
    .default({}),
  lockedThrough: date.optional(),
  supplier: configObject({
    id: z.string().min(1).max(35),
    name: z.string().min(1),
    registrationNumber: z.string().optional(),
  }).optional(),
  customers: z.record(z.string(), configObject({ name: z.string().min(1) })).default({}),
  dimensionNames: z.record(z.string(), textMap).default({}),
});

const languageOfMarket: Readonly<Record<Market, Language>> = { NO: 'nb', DK: 'da', SE: 'sv', FI: 'fi' };

/**
 * Checks a policy and fills it from the market's preset, or throws a `config` error that names the place. The VAT of
 * sales has no default: it is the merchant's accounting choice.
 *
 * @example
 * ```ts
 * import { definePolicy } from '@bilag/core';
 *
 * const policy = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });
 * policy.versions[0].accounts.clearing; // => '1579'
 * policy.versions[0].vat['25']?.account; // => '3000'
 * ```
 */
export function definePolicy(input: PolicyInput): Policy {
  const parsed = policySchema.safeParse(input, { error: configProblem });
  if (!parsed.success) {
    const { issues } = parsed.error;
    // A field that is spelt wrong is often missing too.
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    throw policyError(issue?.message ?? 'the policy is not valid', [...(issue?.path.map(String) ?? []), ...unknown]);
  }
  const { versions: written, ...rest } = parsed.data;
  checkLedgerIds(rest.openings, ['openings']);
  const versions = written.map((version, index) => completeVersion(version, ['versions', String(index)]));
  for (const [index, version] of versions.entries()) {
    const previous = versions[index - 1];
    if (previous !== undefined && previous.from >= version.from) {
      throw policyError('versions must ascend by their from date', ['versions', String(index), 'from']);
    }
    if (previous !== undefined) checkMirrorsStay(previous, version, ['versions', String(index)]);
  }
  return { ...rest, versions: versions as unknown as Policy['versions'] };
}

function completeVersion(version: z.output<typeof versionSchema>, path: readonly string[]): PolicyVersion {
  const preset = chartPresets[version.market];
  const accounts = { ...preset.accounts, ...version.accounts } as Record<AccountRole, string>;
  const vat = { ...preset.vat, ...version.vat };
  const sales = completeUnit(version.sales, undefined);
  const completed: PolicyVersion = {
    ...version,
    accounts,
    vat,
    sales,
    language: version.language ?? languageOfMarket[version.market],
    salesUnits: completeUnits(version.salesUnits, sales, [...path, 'salesUnits']),
  };
  checkAccounts(accounts, path);
  checkLedgerIds(version.ledgers, [...path, 'ledgers']);
  for (const [id, ledger] of Object.entries(version.ledgers)) {
    checkAccounts({ ...accounts, ...ledger.accounts } as Record<AccountRole, string>, [...path, 'ledgers', id]);
  }
  checkUnit(completed, sales, [...path, 'sales']);
  for (const [handle, unit] of Object.entries(completed.salesUnits))
    checkUnit(completed, unit, [...path, 'salesUnits', handle]);
  return completed;
}

type WrittenUnit = z.output<typeof salesUnit>;

function completeUnit(unit: WrittenUnit, base: SalesUnitPolicy | undefined): SalesUnitPolicy {
  const customer = unit.customer ?? base?.customer;
  return {
    revenue: unit.revenue ?? base?.revenue ?? 'sales',
    sale: unit.sale === undefined ? (base?.sale ?? null) : unit.sale,
    refunds: unit.refunds ?? base?.refunds ?? 'book',
    dimensions: unit.dimensions ?? base?.dimensions ?? {},
    ...(customer === undefined ? {} : { customer }),
  };
}

/** By the names that entries have: a unit spelt otherwise would silently be booked by the default. */
function completeUnits(
  written: Readonly<Record<string, WrittenUnit>>,
  sales: SalesUnitPolicy,
  path: readonly string[],
): Record<string, SalesUnitPolicy> {
  const units = new Map<string, SalesUnitPolicy>();
  for (const [spelling, unit] of Object.entries(written)) {
    const name = normaliseSalesUnit(spelling);
    if (/^\d*$/.test(name)) {
      const action = 'write it with its prefix, as the ledger has it, such as NO:57860 or api:123456';
      throw policyError(`${quotedName(spelling)} is not the name of a sales unit`, path, action);
    }
    if (units.has(name)) throw policyError(`the sales unit ${name} is there twice, spelt in two ways`, path);
    units.set(name, completeUnit(unit, sales));
  }
  return Object.fromEntries(units);
}

/** Ledgers are known by their ids to the letter: a blank too many, and a ledger would open at zero or on other accounts. */
function checkLedgerIds(byLedger: Readonly<Record<string, unknown>>, path: readonly string[]): void {
  const wrong = Object.keys(byLedger).find((id) => !/^\S+$/.test(id));
  if (wrong !== undefined)
    throw policyError(`${quotedName(wrong)} is not the id of a ledger: write it without blanks`, path);
}

/** A balance stays on its account: moving it to another is a voucher of its own, not a change of policy. */
function checkMirrorsStay(previous: PolicyVersion, version: PolicyVersion, path: readonly string[]): void {
  const ledgerIds = ['', ...Object.keys(previous.ledgers), ...Object.keys(version.ledgers)];
  for (const role of ['clearing', 'feesPayable', 'inTransit'] as const) {
    for (const ledgerId of ledgerIds) {
      const [before, after] = [accountsOf(previous, ledgerId)[role], accountsOf(version, ledgerId)[role]];
      if (before === after) continue;
      const what = `${role} moves from account ${before} to ${after}, and its balance would stay behind`;
      throw policyError(
        what,
        [...path, 'accounts', role],
        'keep the account, or begin a new policy with openings on it',
      );
    }
  }
}

/** The commonest set-up error of settlement bookkeeping: two of the mirrored accounts are the same. */
function checkAccounts(accounts: Readonly<Record<AccountRole, string>>, path: readonly string[]): void {
  const mirrored = ['clearing', 'bank', 'inTransit', 'feesPayable'] as const;
  for (const [index, role] of mirrored.entries()) {
    for (const other of mirrored.slice(index + 1)) {
      if (accounts[role] !== accounts[other]) continue;
      throw policyError(`${role} and ${other} are both account ${accounts[role]}; they must differ`, [
        ...path,
        'accounts',
      ]);
    }
  }
}

function checkUnit(version: PolicyVersion, unit: SalesUnitPolicy, path: readonly string[]): void {
  const booksRevenue =
    unit.revenue === 'sales' ||
    (unit.revenue === 'already-booked' && (unit.refunds === 'book' || version.disputes === 'refund'));
  if (unit.sale === null) {
    if (booksRevenue) throw policyError('sale is missing: name the VAT treatment of these sales', [...path, 'sale']);
  } else if (named(version.vat, unit.sale) === undefined) {
    const known = Object.keys(version.vat).join(', ');
    throw policyError(`there is no VAT treatment ${quotedName(unit.sale)} (there are: ${known})`, [...path, 'sale']);
  }
}

function policyError(
  what: string,
  path: readonly string[],
  action = 'mend the policy; nothing was booked',
): BilagError {
  return new BilagError('config', { what, where: `policy.${path.join('.')}`, action });
}

/** The version in force on a ledger date; undefined before the cut-over. */
export function versionOn(policy: Policy, ledgerDate: PlainDate): PolicyVersion | undefined {
  return policy.versions.findLast((version) => version.from <= ledgerDate);
}

/** The account numbers of a ledger by role. */
export function accountsOf(version: PolicyVersion, ledgerId: string): Readonly<Record<AccountRole, string>> {
  const own = named(version.ledgers, ledgerId)?.accounts;
  return own === undefined ? version.accounts : ({ ...version.accounts, ...own } as Record<AccountRole, string>);
}
