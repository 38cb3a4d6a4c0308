import type { BookAccount } from '../contracts/contract.ts';
import { named } from '../named.ts';
import { unnamedSource } from '../ledger/source-profile.ts';
import { accountRoles, type AccountRole } from './chart.ts';
import type { Policy, PolicyVersion } from './policy.ts';
import type { Language } from './texts.ts';

type NamedRole = AccountRole | 'revenue' | 'vat';

/** What each ledger's provider is called, by ledger id. */
export type Providers = ReadonlyMap<string, string>;

/**
 * What the accounts of a policy are called: as the policy names them, else in its language. An account that the policy does
 * not have any more is called by the part it plays. `providers` has what each ledger's provider is called
 * (`BookedDate.provider`).
 *
 * @example
 * ```ts
 * import { accountNaming, definePolicy } from '@bilag/core';
 *
 * const policy = definePolicy({ versions: [{ from: '2026-01-01', market: 'NO', sales: { sale: '25' } }] });
 * const nameOf = accountNaming(policy, new Map([['302321', 'Vipps MobilePay']]));
 * nameOf('1579'); // => 'Vipps MobilePay, til gode'
 * nameOf('3000'); // => 'Salg 25 %'
 * nameOf('4711', 'fee'); // => 'Betalingsgebyrer'
 * ```
 */
export function accountNaming(policy: Policy, providers: Providers): (number: string, role?: NamedRole) => string {
  const names = new Map(policyAccounts(policy, providers).map(({ number, name }) => [number, name]));
  const last = policy.versions.at(-1) ?? policy.versions[0];
  const provider = everyProvider(providers);
  return (number, role = 'revenue') => names.get(number) ?? accountName(last.language, role, provider);
}

/** Every account a policy may post on, once, with the part it plays in the last version that has it. */
export function policyAccounts(policy: Policy, providers: Providers): readonly Omit<BookAccount, 'opening'>[] {
  const accounts = new Map<string, Omit<BookAccount, 'opening'>>();
  for (const version of policy.versions) {
    for (const account of accountsIn(version, providers)) accounts.set(account.number, account);
  }
  return [...accounts.values()].map((account) => {
    const naming = policy.versions.findLast(({ accountNames }) => named(accountNames, account.number) !== undefined);
    return { ...account, name: named(naming?.accountNames ?? {}, account.number) ?? account.name };
  });
}

function accountsIn(version: PolicyVersion, providers: Providers): Omit<BookAccount, 'opening'>[] {
  const { language } = version;
  const toAccount = (
    number: string,
    role: NamedRole,
    detail = '',
    provider = everyProvider(providers),
  ): Omit<BookAccount, 'opening'> => ({ number, name: accountName(language, role, provider) + detail, role });
  const treated = Object.entries(version.vat);
  // An account of several rates is called by none of them.
  const detailOf = (of: 'account' | 'vatAccount', number: string): string => {
    const sharing = treated.filter(([, vat]) => vat[of] === number);
    const details = new Set(sharing.map(([name, vat]) => ` ${treatmentName(language, name, vat.rateBasisPoints)}`));
    return details.size === 1 ? [...details].join('') : '';
  };
  const treatments = treated.flatMap(([, { account, vatAccount }]) => {
    const vatCodes = [...new Set(treated.flatMap(([, vat]) => (vat.account === account ? [vat.code] : [])))];
    const revenue = { ...toAccount(account, 'revenue', detailOf('account', account)), vatCodes };
    return vatAccount === null
      ? [revenue]
      : [revenue, toAccount(vatAccount, 'vat', detailOf('vatAccount', vatAccount))];
  });
  const feeVat = [version.fees.vat?.account, version.fees.vat?.deductionAccount].filter(
    (number) => typeof number === 'string',
  );
  const invoices = Object.values(version.invoices).map(({ account }) => toAccount(account, 'receivable'));
  const ledgers = Object.keys(version.ledgers).flatMap((ledgerId) => {
    const own = named(version.ledgers, ledgerId)?.accounts ?? {};
    return accountRoles.flatMap((role) =>
      own[role] === undefined ? [] : [toAccount(own[role], role, ` ${ledgerId}`, providers.get(ledgerId))],
    );
  });
  // Roles come last, the supplier account after its contra: where one number plays two parts, the commoner names it.
  const roles = accountRoles
    .toSorted((a) => (a === 'topUpContra' ? -1 : 0))
    .map((role) => toAccount(version.accounts[role], role));
  return [...treatments, ...feeVat.map((number) => toAccount(number, 'vat')), ...invoices, ...ledgers, ...roles];
}

/**
 * What a VAT treatment is called after the word for sales: its rate, our word for a preset without one, or the merchant's own
 * name of it.
 */
export function treatmentName(language: Language, name: string, rateBasisPoints: number): string {
  if (rateBasisPoints !== 0) return `${rateBasisPoints / 100} %`;
  const word = named(untaxed[language], name);
  return word === undefined ? name : `(${word})`;
}

/** Sales without VAT, by the presets' names. */
const untaxed: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  nb: { '0': 'fritatt, 0 %', export: 'utførsel, 0 %', exempt: 'unntatt fra mva.', donation: 'gaver, uten mva.' },
  da: { '0': '0 %', export: 'eksport, 0 %', exempt: 'momsfrit', donation: 'gaver, uden moms' },
  sv: { '0': '0 %', export: 'export, 0 %', exempt: 'momsfritt', donation: 'gåvor, utan moms' },
  fi: { '0': '0 %', export: 'vienti, 0 %', exempt: 'veroton', donation: 'lahjoitukset, ei veroa' },
  en: { '0': 'zero-rated', export: 'export, zero-rated', exempt: 'exempt', donation: 'donations, no VAT' },
};

function everyProvider(providers: Providers): string {
  return [...new Set(providers.values())].join(', ');
}

/** What an account is called where the policy gives it no name. */
export function accountName(language: Language, role: NamedRole, provider = ''): string {
  return accountNames[language][role].replace('{provider}', provider || unnamedSource.provider);
}

/** Our own words, not the copyrighted standard charts. */
const accountNames: Readonly<Record<Language, Readonly<Record<NamedRole, string>>>> = {
  nb: {
    bank: 'Bank',
    inTransit: '{provider}, utbetalinger underveis',
    clearing: '{provider}, til gode',
    feesPayable: '{provider}, skyldige gebyrer',
    payable: 'Leverandører',
    fee: 'Betalingsgebyrer',
    suspense: '{provider}, uavklart',
    disputed: '{provider}, omtvistede betalinger',
    topUpContra: '{provider}, krav på negativ saldo',
    receivable: 'Kunder',
    revenue: 'Salg',
    vat: 'Merverdiavgift',
  },
  da: {
    bank: 'Bank',
    inTransit: '{provider}, udbetalinger undervejs',
    clearing: '{provider}, tilgodehavende',
    feesPayable: '{provider}, skyldige gebyrer',
    payable: 'Leverandører',
    fee: 'Betalingsgebyrer',
    suspense: '{provider}, uafklaret',
    disputed: '{provider}, bestridte betalinger',
    topUpContra: '{provider}, krav på negativ saldo',
    receivable: 'Debitorer',
    revenue: 'Salg',
    vat: 'Moms',
  },
  sv: {
    bank: 'Bank',
    inTransit: '{provider}, utbetalningar på väg',
    clearing: '{provider}, tillgodohavande',
    feesPayable: '{provider}, skuld för avgifter',
    payable: 'Leverantörer',
    fee: 'Betalningsavgifter',
    suspense: '{provider}, outrett',
    disputed: '{provider}, bestridda betalningar',
    topUpContra: '{provider}, krav på negativt saldo',
    receivable: 'Kunder',
    revenue: 'Försäljning',
    vat: 'Moms',
  },
  fi: {
    bank: 'Pankki',
    inTransit: '{provider}, tilitykset matkalla',
    clearing: '{provider}, saatava',
    feesPayable: '{provider}, palvelumaksuvelka',
    payable: 'Toimittajat',
    fee: 'Maksunvälityksen kulut',
    suspense: '{provider}, selvitettävä',
    disputed: '{provider}, riitautetut maksut',
    topUpContra: '{provider}, negatiivisen saldon velka',
    receivable: 'Asiakkaat',
    revenue: 'Myynti',
    vat: 'Arvonlisävero',
  },
  en: {
    bank: 'Bank',
    inTransit: '{provider}, payouts in transit',
    clearing: '{provider}, funds',
    feesPayable: '{provider}, fees payable',
    payable: 'Suppliers',
    fee: 'Payment fees',
    suspense: '{provider}, suspense',
    disputed: '{provider}, disputed payments',
    topUpContra: '{provider}, claim on a negative balance',
    receivable: 'Customers',
    revenue: 'Sales',
    vat: 'VAT',
  },
};
