import type { AccountRole } from './chart.ts';
import type { Language } from './texts.ts';
import { unnamedSource } from '../ledger/source-profile.ts';

type NamedRole = AccountRole | 'revenue' | 'vat';

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
