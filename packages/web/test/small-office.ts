import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bankCalendar } from '@bilag/bank';
import { checkCompany, OpenCompany, type Company, type Surroundings } from '@bilag/company';
import { amount, plainDate } from '@bilag/core';
import { camt053Files, type BankPayment } from '@bilag/simulator-bank';
import type { Merchant } from '@bilag/simulator-vipps';
import { vipps } from '@bilag/vipps';
import { merchantOf, openOfficeBench, type OfficeBench } from '../../office/test/office-bench.ts';
import { officeOf } from '../src/index.ts';
import { formatOf } from '../src/format.ts';
import { textsOf } from '../src/texts/texts.ts';
import type { Office, PageContext } from '../src/view.ts';
import type { Language } from '@bilag/core';

/** An office of two cafés after a night: to one of them much happens, and its bank has delivered a week. */
export interface SmallOffice extends AsyncDisposable {
  readonly bench: OfficeBench;
  readonly office: Office;
  /** The one with the events and the bank. */
  readonly cafe: string;
  readonly merchants: readonly Merchant[];
  with<Result>(work: (open: OpenCompany) => Promise<Result>): Promise<Result>;
}

export async function openSmallOffice(): Promise<SmallOffice> {
  const features = {
    refunds: 250,
    disputes: 100,
    corrections: 400,
    unknownTypes: 1_000,
    abortedPayouts: 1_500,
    serviceFee: 9_900,
  };
  const merchants = [
    merchantOf(0, { features, capturesPerDay: 12, payouts: 'daily', from: plainDate('2026-06-15') }),
    merchantOf(1),
  ];
  const bench = await openOfficeBench(merchants);
  const [first, ...others] = bench.companies as [Company, ...Company[]];
  const companies = [withTransit(first), ...others];
  await bench.night({}, companies);
  const { surroundings, store } = bench;
  await inCompany(companies[0], surroundings, async (open) => {
    await open.importBankFiles(await statements(open.company.folder, merchants[0] as Merchant));
  });
  const office = officeOf({ companies, store, surroundings });
  return {
    bench,
    office,
    merchants,
    cafe: first.id,
    with: async (work) => office.with(first.id, work),
    [Symbol.asyncDispose]: async () => bench[Symbol.asyncDispose](),
  };
}

/** From the middle of June on, and payouts wait for the bank. */
function withTransit({ written, folder }: Company): Company {
  const policy = {
    versions: [
      { from: '2026-06-15', market: 'NO', sales: { sale: '25' }, lines: 'summary', payouts: 'in-transit' },
      { from: '2026-07-01', market: 'NO', sales: { sale: '15' }, lines: 'summary', payouts: 'in-transit' },
    ],
  };
  return checkCompany({ ...written, policy }, { file: 'bilag.config.ts', folder, sources: [vipps] });
}

async function inCompany(
  company: Company | undefined,
  surroundings: Surroundings,
  work: (open: OpenCompany) => Promise<void>,
): Promise<void> {
  if (company === undefined) throw new Error('there is no company');
  await using open = new OpenCompany(company, surroundings);
  await work(open);
}

/** The bank through the first of July: what was scheduled later is under way. */
async function statements(folder: string, merchant: Merchant): Promise<readonly string[]> {
  const calendar = await bankCalendar('NO');
  const [from, to] = [plainDate('2026-06-15'), plainDate('2026-07-02')];
  const payments: BankPayment[] = [];
  const aborted = new Set<string>();
  for (const { funds } of merchant.dates())
    for (const entry of funds) if (entry.entryType === 'payout-aborted') aborted.add(entry.pspReference);
  for (const { date, funds } of merchant.dates()) {
    for (const { entryType, pspReference, amount: value } of funds) {
      if (entryType !== 'payout-scheduled' || aborted.has(pspReference)) continue;
      const on = calendar.add(date, 2);
      const text = `Utb. ${pspReference.slice(pspReference.indexOf('-') + 1)} Vippsnr 200000`;
      if (on <= to) payments.push({ on, amount: amount(-value), text, counterparty: 'Vipps MobilePay AS' });
    }
  }
  const account = { number: merchant.ledger.payoutBankAccount.id, currency: 'NOK', from, to, payments, otherRows: 2 };
  const paths: string[] = [];
  for (const { name, bytes } of camt053Files(account, { version: '08' })) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    paths.push(path);
  }
  return paths;
}

/** What a page of a test is made with: addresses that say what they lead to. */
export function contextFor(
  office: Office,
  companyId: string | undefined,
  options: { readonly language?: Language; readonly showsPersonal?: boolean; readonly mayAct?: boolean } = {},
): PageContext {
  const { language = 'nb', showsPersonal = false, mayAct = false } = options;
  const address = (...parts: readonly (string | undefined)[]): string => `/${parts.filter(Boolean).join('/')}`;
  const query = (parameters: object = {}): string => {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined) as [string, string][];
    return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  };
  return {
    language,
    texts: textsOf[language],
    format: formatOf(language),
    company: companyId === undefined ? undefined : office.companies.get(companyId),
    now: office.now().getTime(),
    showsPersonal,
    isFile: false,
    link: (view, parameters, other = companyId) => address(other ?? undefined, view) + query(parameters),
    download: (view, table, parameters) => address(companyId, view, `${table}.csv`) + query(parameters),
    act: (action, parameters) => (mayAct ? address(companyId, 'do', action) + query(parameters) : undefined),
  };
}
