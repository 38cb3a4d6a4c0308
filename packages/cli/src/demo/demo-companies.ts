import { parsePeriod, type Period, type Target } from '@bilag/company';
import type { CompanyInput, VippsSource } from '../config.ts';
import type { PolicyInput } from '@bilag/core';
import { proposedGroupings } from '../init/proposed-groupings.ts';

/** A company of the demonstration, and the period its ledger has trade in. */
export interface DemoCompany {
  readonly company: CompanyInput;
  readonly period: Period;
  /** What is worth knowing about it, in a few words. */
  readonly about: string;
}

/** The day after the quarter: every date of it is closed. */
export const demoNow: Date = new Date('2026-10-02T08:00:00Z');

/** The documented example days of both versions of the Report API, and three made-up merchants over a quarter. */
export function demoCompanies(baseUrl: string): readonly DemoCompany[] {
  const partner: VippsSource = { kind: 'vipps', keys: 'accounting-partner', credentials: 'env:PARTNER', baseUrl };
  return [...exampleCompanies(partner), ...quarterCompanies(partner)];
}

function exampleCompanies(partner: VippsSource): DemoCompany[] {
  const period = parsePeriod('2022-10-01');
  const shop = {
    name: 'Example Shop Oslo',
    organisationNumber: '987654321',
    country: 'NO',
    currency: 'NOK',
    policy: policyFrom(period, { sales: { sale: '25' } }),
    targets: norwegianTargets('Oslo'),
  } as const;
  const v1 = { settlement: 'net', amounts: 'major-decimals' } as const;
  return [
    {
      about: "the day in Vipps MobilePay's documentation",
      period,
      company: { id: 'example-day', ...shop, source: { ...partner, ledgers: ['12345'] } },
    },
    {
      about: 'the day documented for version 1, whose payout names another ledger',
      period,
      company: { id: 'example-day-v1', ...shop, source: { ...partner, ledgers: ['302321'], api: { v1 } } },
    },
  ];
}

function quarterCompanies(partner: VippsSource): DemoCompany[] {
  const period = parsePeriod('2026-Q3');
  return [
    {
      about: 'a café: two sales units with VAT of their own, net settlement',
      period,
      company: {
        id: 'kaffebaren',
        name: 'Kaffebaren Eksempel AS',
        organisationNumber: '987654314',
        country: 'NO',
        currency: 'NOK',
        source: { ...partner, keys: 'merchant', credentials: 'env:KAFFEBAREN' },
        policy: policyFrom(period, {
          sales: { sale: '25' },
          salesUnits: { 'api:123401': { sale: '25' }, 'NO:57801': { sale: '15' } },
        }),
        targets: norwegianTargets('Bergen'),
      },
    },
    {
      about: 'a web shop: gross settlement, fees invoiced, disputes',
      period,
      company: {
        id: 'nettbutikken',
        name: 'Nettbutikken Eksempel AS',
        organisationNumber: '987654330',
        country: 'NO',
        currency: 'NOK',
        source: partner,
        policy: policyFrom(period, { sales: { sale: '25' } }),
        targets: norwegianTargets('Trondheim'),
      },
    },
    {
      about: 'a Danish shop',
      period,
      company: {
        id: 'butikken',
        name: 'Butikken Eksempel ApS',
        organisationNumber: '12345678',
        country: 'DK',
        currency: 'DKK',
        source: partner,
        policy: policyFrom(period, { market: 'DK', sales: { sale: '25' } }),
        targets: journals,
      },
    },
  ];
}

function policyFrom(
  { from }: Period,
  choices: Omit<PolicyInput['versions'][number], 'from' | 'market'> & { readonly market?: 'DK' },
): PolicyInput {
  return { versions: [{ market: 'NO', lines: 'summary', ...choices, from }] };
}

const journals: Readonly<Record<string, Target>> = Object.fromEntries(
  ['hledger', 'ledger', 'beancount'].map((dialect) => [dialect, { adapter: '@bilag/journal', config: { dialect } }]),
);

/** Norwegian SAF-T is for companies that keep their books in kroner in Norway; journals are for all. */
function norwegianTargets(city: string): Readonly<Record<string, Target>> {
  return {
    'saf-t': {
      adapter: '@bilag/saf-t',
      config: {
        address: { city },
        contact: { lastName: 'Eksempel' },
        vatRegistered: true,
        grouping: { accounts: proposedGroupings },
        startsWithoutOpenings: true,
      },
    },
    ...journals,
  };
}
