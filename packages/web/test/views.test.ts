import type { CompanyPayout } from '@bilag/company';
import { languages } from '@bilag/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewAt, views } from '../src/routes.ts';
import type { ViewName } from '../src/view.ts';
import { contextFor, openSmallOffice, type SmallOffice } from './small-office.ts';

let small: SmallOffice;
let payouts: readonly CompanyPayout[];
beforeAll(async () => {
  small = await openSmallOffice();
  payouts = await small.with(async (open) => open.payouts());
}, 120_000);
afterAll(async () => small[Symbol.asyncDispose]());

interface AskedPage {
  readonly query?: Readonly<Record<string, string>>;
  readonly options?: NonNullable<Parameters<typeof contextFor>[2]>;
  /** Null: of the whole office. */
  readonly companyId?: string | null;
}

async function dataOf(name: ViewName, { query = {}, options = {}, companyId = small.cafe }: AskedPage = {}) {
  const view = viewAt(name, companyId === null ? 'office' : 'company');
  if (view === undefined) throw new Error(`there is no page ${name}`);
  const parameters = new URLSearchParams(query);
  const asked = { companyId: companyId ?? undefined, parameters, showsPersonal: options.showsPersonal ?? false };
  const context = contextFor(small.office, companyId ?? undefined, options);
  const data: unknown = await view.data(small.office, asked);
  return { view, asked, context, data };
}

/** A page as its browser gets it, with plain blanks, and without what stands around it. */
async function pageOf(name: ViewName, asked: AskedPage = {}): Promise<string> {
  const { view, data, context } = await dataOf(name, asked);
  return plain(String(await view.page(data, context).main));
}

function plain(html: string): string {
  return html.replaceAll(/\s+/g, ' ');
}

/** The text of a page, without its tags. */
function textOf(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

async function csvOf(name: ViewName, table: string, asked: AskedPage = {}): Promise<string[][]> {
  const { view, asked: request, context } = await dataOf(name, asked);
  const chunks = await Array.fromAsync(view.tables?.[table]?.(small.office, request, context) ?? []);
  return chunks
    .join('')
    .replace('\uFEFF', '')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(';'));
}

/** Every page with what it is asked for. */
function everyPage(): readonly (readonly [ViewName, AskedPage])[] {
  const query: Readonly<Partial<Record<ViewName, Record<string, string>>>> = {
    payout: { payout: payouts[3]?.reference ?? '' },
    voucher: { voucher: '400000-20260702' },
    rows: { month: '2026-06', line: 'funds-400000-captures' },
    explain: { about: '400000-20260702' },
  };
  const ofCompany = views.map(({ name }): readonly [ViewName, AskedPage] => [name, { query: query[name] ?? {} }]);
  const day: readonly [ViewName, AskedPage] = ['rows', { query: { date: '2026-06-16' } }];
  const ofOffice = views
    .filter(({ scope }) => scope !== 'company')
    .map(({ name }) => [name, { companyId: null }] as const);
  return [...ofCompany, day, ...ofOffice];
}

describe('every page', () => {
  test.for(languages)('is made in %s, and has no text that is missing', async (language) => {
    const pages: (readonly [string, string])[] = [];
    for (const [name, asked] of everyPage())
      pages.push([name, await pageOf(name, { ...asked, options: { language } })]);
    expect(pages.filter(([, html]) => /undefined|\[object|NaN/.test(html))).toEqual([]);
    expect(pages.filter(([, html]) => textOf(html).length < 20)).toEqual([]);
  });

  test('has a caption on every table, and a scope on every heading', async () => {
    for (const [name, asked] of everyPage()) {
      const html = await pageOf(name, asked);
      const captions = html.match(/<caption>\s*\S/g) ?? [];
      expect([name, captions.length]).toEqual([name, (html.match(/<table>/g) ?? []).length]);
      expect([name, html.match(/<th(?=[ >])(?! scope="(?:row|col)")/g)]).toEqual([name, null]);
    }
  });

  test('is read only where nothing is allowed, and offers what is', async () => {
    for (const [name, asked] of everyPage()) expect(await pageOf(name, asked)).not.toMatch(/\/do\//);
    const voucher = await pageOf('voucher', { query: { voucher: '400000-20260702' }, options: { mayAct: true } });
    expect(voucher).toContain('href="/kafe-0/do/undo?voucher=400000-20260702"');
  });

  test('says no order reference of a customer before it is asked to', async () => {
    const references = new Set<string>();
    for (const { funds } of small.merchants[0]?.dates() ?? [])
      for (const { reference, entryType } of funds)
        if (reference !== null && reference !== '' && entryType === 'capture') references.add(reference);
    expect(references.size).toBeGreaterThan(20);
    const said = (html: string): string[] => [...references].filter((reference) => html.includes(reference));
    for (const [name, asked] of everyPage()) expect([name, said(await pageOf(name, asked))]).toEqual([name, []]);
    const day = { query: { date: '2026-06-16' } };
    expect(said(await pageOf('rows', { ...day, options: { showsPersonal: true } })).length).toBeGreaterThan(0);
    expect(said((await csvOf('rows', 'rows', day)).join())).toEqual([]);
  });

  test('takes no text of others for markup, whatever it is', async () => {
    const hostile = `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>{{7*7}}`;
    for (const [name, asked] of everyPage()) {
      const { view, data, context } = await dataOf(name, asked);
      const html = String(await view.page(poisoned(data, hostile), context).main);
      expect([name, html.match(/<img|<script|<\/script/g)]).toEqual([name, null]);
    }
    const poisonedSettings = await pageOf('settings');
    expect(poisonedSettings).not.toContain(hostile);
  });
});

/** Data in which every free text ends in another: dates, states and codes stay. */
function poisoned(value: unknown, text: string): unknown {
  if (typeof value === 'string') return /^(?:[a-z-]*|\d{4}-\d\d.*|[A-Z]{2,3})$/.test(value) ? value : value + text;
  if (Array.isArray(value)) return value.map((each) => poisoned(each, text));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, poisoned(held, text)]));
}

describe('the overview', () => {
  test('says that the provider equals the books, and what comes to the bank next', async () => {
    const text = textOf(await pageOf('overview'));
    expect(text).toContain('Saldo hos Vipps MobilePay (NOK) 0,00');
    expect(text).toMatch(/Avvik \(NOK\) 0,00 stemmer/);
    expect(text).toMatch(/Neste ventede utbetaling [\d ,]+ 400000-20000\d\d , ventes i banken \d\d\.07\.2026/);
  });

  test('of many companies opens none, and shows how each was left', async () => {
    const closed = { ...small.office, with: () => Promise.reject(new Error('a company was opened')) };
    const view = viewAt('overview', 'office');
    const data: unknown = await view?.data(closed, {
      companyId: undefined,
      parameters: new URLSearchParams(),
      showsPersonal: false,
    });
    const text = textOf(plain(String(await view?.page(data, contextFor(small.office, undefined)).main)));
    expect(text).toMatch(/Kafé 0 AS 900000000 NOK 0,00 0,00 0,00 stemmer 08\.07\.2026 i orden/);
    expect(text).toMatch(/Kafé 1 AS 900000001 NOK/);
  });

  test('finds companies by a part of their name', async () => {
    const text = textOf(await pageOf('overview', { companyId: null, query: { name: 'kafé 1' } }));
    expect(text).toContain('Kafé 1 AS');
    expect(text).not.toContain('Kafé 0 AS');
  });
});

describe('what needs somebody', () => {
  test('is said with amount, why, what to do and how old it is', async () => {
    const text = textOf(await pageOf('needs-you'));
    expect(text).toMatch(/Ukjent posttype .*is not a known entry type.*Se over det; .*\d+ dager gammel/);
    expect(text).toContain('Sist kontrollert');
  });

  test('is nothing where all is well, and says since when that is known', async () => {
    const text = textOf(await pageOf('needs-you', { companyId: 'kafe-1' }));
    expect(text).toContain('Ingenting trenger deg. Sist kontrollert 08.07.2026');
  });
});

describe('payouts', () => {
  test('add up to what the provider itself paid out in the month', async () => {
    const rows = await csvOf('payouts', 'payouts', { query: { month: '2026-06' } });
    const [headings = [], ...lines] = rows;
    const column = (heading: string): number[] => {
      const index = headings.findIndex((each) => each.startsWith(heading));
      return lines.map((line) => Math.round(Number((line[index] ?? '').replace(',', '.')) * 100));
    };
    const told = [...(small.merchants[0]?.dates() ?? [])]
      .filter(({ date }) => date <= '2026-06-30')
      .flatMap(({ funds }) => funds)
      .filter(({ entryType }) => entryType === 'payout-scheduled')
      .map(({ amount: value }) => -value);
    expect(column('Utbetalt')).toEqual(told);
    const parts = ['Salg', 'Refusjoner', 'Gebyrer', 'Annet'].map(column);
    expect(told.map((_, index) => parts.reduce((total, part) => total + (part[index] ?? 0), 0))).toEqual(told);
  });

  test('are told as far as they are: in the bank, under way, aborted', async () => {
    const statesIn = async (month: string): Promise<readonly (string | undefined)[]> =>
      (await csvOf('payouts', 'payouts', { query: { month } })).slice(1).map((row) => row.at(-1));
    expect(new Set(await statesIn('2026-06'))).toEqual(new Set(['i banken', 'avbrutt']));
    expect(await statesIn('2026-07')).toContain('underveis');
  });

  test('one of them leads from its entries to its vouchers and the line of the bank', async () => {
    const [payout] = payouts.filter(({ bankLines }) => bankLines.length > 0);
    const query = { payout: payout?.reference ?? '' };
    const text = textOf(await pageOf('payout', { query }));
    expect(text).toMatch(/[\d ,]+ − [\d ,]+ (?:[−+] [\d ,]+)*= [\d ,]+/);
    expect(text).toContain('Vipps MobilePay, utbetalinger underveis');
    expect(text).toMatch(/I banken: ([\d ,]+)\. Utbetalt: \1\./);
    const entries = await csvOf('payout', 'entries', { query });
    const balances = entries.slice(1).map((row) => row.at(-3));
    // The last entry is the payout itself: nothing is left.
    expect(balances.at(-1)).toBe('0,00');
  });

  test('one that nobody knows is not found', async () => {
    await expect(pageOf('payout', { query: { payout: '<script>' } })).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('vouchers', () => {
  test('stand with debit and credit, the names of accounts and VAT, and what became of them', async () => {
    const text = textOf(await pageOf('vouchers', { query: { month: '2026-07' } }));
    expect(text).toMatch(/400000-20260702 02\.07\.2026 \d+-2026 bekreftet/);
    expect(text).toMatch(/3030 Salg 15 % 31 15 % 0,00 [\d ,]+/);
  });

  test('balance, each of them, in the file too', async () => {
    const [headings = [], ...lines] = await csvOf('vouchers', 'vouchers', { query: { month: '2026-06' } });
    const at = (heading: string): number => headings.findIndex((each) => each.startsWith(heading));
    const cents = (text = ''): number => Math.round(Number(text.replace(',', '.')) * 100);
    const sums = Map.groupBy(lines, (line) => line[at('Bilag')] ?? '');
    expect(sums.size).toBeGreaterThan(10);
    for (const own of sums.values())
      expect(own.reduce((sum, line) => sum + cents(line[at('Debet')]) - cents(line[at('Kredit')]), 0)).toBe(0);
  });

  test('that were not sent are those of the line of the bank, which came after the night', async () => {
    const text = textOf(await pageOf('vouchers', { query: { month: '2026-06', from: 'planned' } }));
    expect(text).toContain('Bilag som ikke er sendt');
    expect(text).toContain('planlagt');
    expect(text).not.toContain('bekreftet');
  });

  test('one of them names every entry it came from, and the page of the provider', async () => {
    const text = textOf(await pageOf('voucher', { query: { voucher: '400000-20260702' } }));
    expect(text).toMatch(/capture \d+ midler [\d ,]+ GET \/report\/v2\/ledgers\/400000\/funds\/dates\/2026-07-02/);
  });
});

test('the month opens, moves and closes as the simulator has it, and each figure leads to its rows', async () => {
  const html = await pageOf('month', { query: { month: '2026-06' } });
  const june = [...(small.merchants[0]?.dates() ?? [])].filter(({ date }) => date <= '2026-06-30');
  const captures = june.flatMap(({ funds }) => funds).filter(({ entryType }) => entryType === 'capture');
  const total = captures.reduce((sum, { amount: value }) => sum + value, 0);
  const shown = contextFor(small.office, small.cafe)
    .format.amount(total as never, 'NOK')
    .replaceAll('\u00a0', ' ');
  expect(textOf(html)).toContain(`Salg ${shown}`);
  expect(html).toContain('href="/kafe-0/rows?month=2026-06&amp;line=funds-400000-captures"');
  expect(textOf(html)).toContain('Avstemt av');
  const rows = await csvOf('rows', 'rows', { query: { month: '2026-06', line: 'funds-400000-captures' } });
  const sum = rows
    .slice(1)
    .reduce((all, row) => all + Math.round(Number((row.at(-1) ?? '').replace(',', '.')) * 100), 0);
  expect(sum).toBe(total);
});

test('fees stand by kind as the ledger charged them, beside the VAT of what was posted', async () => {
  const text = textOf(await pageOf('fees', { query: { month: '2026-06' } }));
  expect(text).toMatch(/Betalingsgebyr 400000 [\d ,]+ 0,00/);
  expect(text).toContain('Ingen faktura fra formidleren er registrert for måneden.');
  expect(text).toMatch(/3 25 % i beløpet −[\d ,]+ −[\d ,]+ \d+/);
});

test('the log tells runs, rules and changes, the latest first, and what a run touched', async () => {
  const rows = await csvOf('log', 'log');
  const times = rows.slice(1).map(([at]) => at ?? '');
  expect(times).toEqual(times.toSorted().toReversed());
  expect(rows.map(([, what]) => what)).toContain('Sendte bilag');
  const [run] = await small.with(async (open) => {
    const store = await open.company.stores.openDeliveries(open.company, { create: false });
    const runs = await store.runs(open.company.id);
    await store.close();
    return runs.filter(({ kind }) => kind === 'apply');
  });
  const text = textOf(await pageOf('log', { query: { run: run?.id ?? '' } }));
  expect(text).toContain('400000-20260702');
});

test('the settings are as the last night worked by them, or say what is not', async () => {
  expect(textOf(await pageOf('settings'))).toContain('Uendret siden siste kjøring 08.07.2026');
  const { cafe, office } = small;
  const company = office.companies.get(cafe);
  if (company === undefined) throw new Error('there is no company');
  const [first, second] = company.policy.versions;
  const versions = [first, { ...second, payouts: 'direct' }] as typeof company.policy.versions;
  const other = { ...company, policy: { ...company.policy, versions } };
  const view = viewAt('settings', 'company');
  const asked = { companyId: cafe, parameters: new URLSearchParams(), showsPersonal: false };
  const data: unknown = await view?.data({ ...office, companies: new Map([[cafe, other]]) }, asked);
  const text = textOf(plain(String(await view?.page(data, contextFor(office, cafe)).main)));
  expect(text).toMatch(/Endret siden siste kjøring 08\.07\.2026 .*: rules 2026-07-01 /);
});

test('the settings say what each version of the rules changed, and hold no key', async () => {
  const text = textOf(await pageOf('settings'));
  expect(text).toContain('Endret fra reglene før: sales');
  expect(text).toContain('1579 Vipps MobilePay, til gode');
  expect(text).not.toMatch(/env:|PARTNER|BOOKS_/);
});

test('after the next night what came to the bank is booked, and nothing is left to send', async () => {
  await small.bench.night({}, [...small.office.companies.values()]);
  const states = (await csvOf('payouts', 'payouts', { query: { month: '2026-06' } })).slice(1).map((row) => row.at(-1));
  expect(new Set(states)).toEqual(new Set(['bokført', 'avbrutt']));
  const text = textOf(await pageOf('vouchers', { query: { month: '2026-06', from: 'planned' } }));
  expect(text).toContain('Alt for måneden er sendt.');
});
