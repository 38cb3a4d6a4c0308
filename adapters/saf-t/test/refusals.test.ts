import { describe, expect, test } from 'vitest';
import { amount, plainDate, type Book } from '@bilag/core';
import { safT, safTConfig } from '@bilag/saf-t';
import type { SafTConfigInput } from '../src/config.ts';
import {
  account,
  accounts,
  book,
  config,
  createdAt,
  equity,
  line,
  renderAll,
  renderOne,
  richBook,
  richConfig,
  sale,
  smallBook,
  voucher,
  year,
} from './books.ts';

const grouping = { accounts: equity };

async function refusal(content: Book, overrides: Partial<SafTConfigInput> = {}): Promise<string> {
  try {
    await renderAll(content, config({ grouping, ...overrides }));
  } catch (error) {
    const { kind, message } = error as { kind?: string; message: string };
    return `${kind}: ${message}`;
  }
  return 'not refused';
}

describe('the writer refuses', () => {
  test('a supplier with one registration number in the policy and another in the config', async () => {
    const content = richBook();
    const { id } = content.parties.find(({ kind }) => kind === 'supplier') ?? { id: '' };
    const parties = content.parties.map((party) =>
      party.id === id ? { ...party, registrationNumber: '918713867' } : party,
    );
    const suppliers = { [id]: { registrationNumber: '999999999' } };
    expect(await refusal({ ...content, parties }, { ...richConfig, suppliers })).toMatch(
      /^config: supplier .* has the registration number 918713867 in the policy, and 999999999 for this target/,
    );
  });

  test('an account without a grouping code, and says where to add it', async () => {
    expect(await refusal(smallBook(), { grouping: { accounts: {} } })).toBe(
      'config: no grouping code for account 2050 (config.grouping.accounts): add { "<account>": { "category": …, "code": … } } from the list for the income year; { "category": "NA", "code": "NA" } where nothing fits',
    );
  });

  test('a sales account whose kind of sales cannot be known, naming it and its part', async () => {
    const unused = [...accounts, account('3100', 'Avgiftsfritt salg', 'revenue')];
    expect(await refusal(smallBook({ accounts: unused }))).toMatch(/no grouping code for account 3100 \(revenue\)/);
    const known = [...accounts, { ...account('3100', 'Avgiftsfritt salg', 'revenue'), vatCodes: ['5'] }];
    expect(await refusal(smallBook({ accounts: known }))).toBe('not refused');
    expect(await refusal(smallBook({ accounts: [...accounts, account('1925', 'På vei', 'inTransit')] }))).toMatch(
      /account 1925 \(inTransit\)/,
    );
  });

  test('a VAT code that is no standard tax code', async () => {
    const vatCodes = [{ code: 'HØY', description: '', rateBasisPoints: 2500, kind: 'output' as const }];
    expect(await refusal(book([], { vatCodes }))).toMatch(/^config: no standard tax code for VAT code HØY/);
  });

  test('a file that starts in the middle of the company’s life', async () => {
    const empty = accounts.map(({ number, name, role }) => account(number, name, role));
    expect(await refusal(smallBook({ accounts: empty }))).toMatch(
      /^config: no account has an opening balance.*startsWithoutOpenings/,
    );
  });

  test.each([
    ['1.20', 2025, '1.30 or 1.40'],
    ['1.30', 2027, '1.40'],
    ['1.40', 2024, '1.20 or 1.30'],
  ] as const)('version %s for %i', async (version, number, allowed) => {
    const message = await refusal(smallBook({ period: year(number) }), { version });
    expect(message).toMatch(/^config: .* is not taken for an accounting period/);
    expect(message).toContain(`use ${allowed}`);
  });

  test('two accounting years in one file', async () => {
    const period = { from: plainDate('2025-12-01'), to: plainDate('2026-01-31') };
    expect(await refusal(book([], { period }))).toMatch(/^config: .* more than one accounting year/);
    const sales = { accounts: { ...equity, '3000': { category: 'salgsinntekt', code: '3000' } } };
    expect(await refusal(book([], { period }), { fiscalYearStartMonth: 7, grouping: sales })).toBe('not refused');
  });

  test('a voucher outside the period, in another currency, or there twice', async () => {
    const fine = voucher('2025-01-15', [line('1579', 100), sale(100)]);
    const late = voucher('2026-01-01', [line('1579', 100), sale(100)]);
    const foreign = voucher('2025-01-16', [line('1579', 100), sale(100)], { currency: 'EUR' });
    expect(await refusal(book([fine, late]))).toMatch(/^rejected: the voucher is dated 2026-01-01, outside/);
    expect(await refusal(book([fine, foreign]))).toMatch(
      /^unsupported: the voucher is in EUR and the books are in NOK/,
    );
    expect(await refusal(book([fine, fine]))).toMatch(
      /^conflict: the voucher is in the book twice \(voucher 302321-20250115/,
    );
  });

  test.each([
    ['account 9999', line('9999', 100)],
    [
      'VAT code 31 with 15 %',
      line('1579', 100, {
        vat: {
          kind: 'contained',
          code: '31',
          account: '2700',
          rateBasisPoints: 1500,
          net: amount(87),
          amount: amount(13),
        },
      }),
    ],
    ['value 10 of dimension department', line('1579', 100, { dimensions: { department: '10' } })],
    ['customer K-1 on account 1579', line('1579', 100, { party: { kind: 'customer', id: 'K-1' } })],
  ])('%s, which a line uses and the book does not list', async (what, used) => {
    const message = await refusal(book([voucher('2025-01-15', [used, line('1920', -100)])]));
    expect(message).toMatch(/^rejected: /);
    expect(message).toContain(`${what} is used and the book does not list it`);
  });

  test('a reference that does not fit, unless it may stand in the description', async () => {
    const reference = '6f1c2a9e-7b1d-4e0e-9d6a-0a4b5f7c8d9e';
    const uuid = book([voucher('2025-01-15', [line('1579', 100, { reference, text: 'x'.repeat(300) }), sale(100)])]);
    expect(await refusal(uuid)).toMatch(/^rejected: the reference has 36 characters and ReferenceNumber takes 35/);
    const text = await renderOne(uuid, config({ grouping, longReferences: 'description' }));
    expect(text).toContain(`<Description>${'x'.repeat(216)}… (${reference})</Description>`);
    expect(text).toContain('<ReferenceNumber>302321-20250115</ReferenceNumber>');
  });

  test('a long reference stands in the description once, where the text begins it or has it', async () => {
    const described = async (reference: string, text: string): Promise<string> => {
      const one = book([voucher('2025-01-15', [line('1579', 100, { reference, text }), sale(100)])]);
      return renderOne(one, config({ grouping, longReferences: 'description' }));
    };
    const [fits, long] = ['R'.repeat(40), 'R'.repeat(90)];
    expect(await described(fits, `Salg ${fits}`)).toContain(`<Description>Salg ${fits}</Description>`);
    expect(await described(long, `Salg ${long.slice(0, 60)}`)).toContain(`<Description>Salg (${long})</Description>`);
  });

  test('names that are too long for the version, where a later version takes them', async () => {
    const company = { ...smallBook().company, name: 'A'.repeat(71) };
    expect(await refusal(smallBook({ company, period: year(2024) }))).toMatch(
      /^config: Name has more than the 70 characters.*Header\/Company\/Name/,
    );
    expect(await refusal(smallBook({ company }))).toBe('not refused');
  });

  test('a series of more than 18 characters', async () => {
    const series = book([voucher('2025-01-15', [line('1579', 100), sale(100)], { series: 'S'.repeat(19) })]);
    expect(await refusal(series)).toMatch(/^config: JournalID has more than the 18 characters/);
  });

  test('one voucher that is larger than a file may be', async () => {
    const lines = Array.from({ length: 40 }, () => [line('1579', 100), sale(100)]).flat();
    expect(await refusal(book([voucher('2025-01-15', lines)]), { maxBytes: 20_000 })).toMatch(
      /^config: one voucher takes \d+ bytes/,
    );
  });

  test('VAT in books that are not kept in NOK, since its amount in NOK is not known', async () => {
    const company = { ...smallBook().company, currency: 'EUR' };
    const vat = voucher('2025-01-15', [line('1579', 100), sale(100)], { currency: 'EUR' });
    const none = voucher('2025-01-15', [line('1579', 100), line('1920', -100)], { currency: 'EUR' });
    expect(await refusal(book([vat], { company }))).toMatch(/^unsupported: VAT in EUR cannot be told in NOK/);
    const groupings = { accounts: { ...equity, '3000': { category: 'salgsinntekt', code: '3000' } } };
    const text = await renderOne(book([none], { company }), config({ grouping: groupings }));
    expect(text).toContain('<DefaultCurrencyCode>EUR</DefaultCurrencyCode>');
  });

  test('a moment without an offset, and an organisation number that is not nine digits', async () => {
    const rendering = safT.render(smallBook(), config({ grouping }), { createdAt: '2026-11-21 08:00' });
    await expect(rendering[Symbol.asyncIterator]().next()).rejects.toThrow(/is not a moment/);
    const company = { ...smallBook().company, organisationNumber: 'NO999999999MVA' };
    expect(await refusal(smallBook({ company }))).toMatch(
      /^config: the organisation number "NO999999999MVA" is not nine digits/,
    );
    expect(createdAt).toMatch(/Z$/);
  });

  test('a dimension without an AnalysisType, and one listed twice', async () => {
    const value = { type: 'campaign', id: '1', name: 'Sommer' };
    expect(await refusal(smallBook({ dimensions: [value] }))).toMatch(
      /^config: the dimension "campaign" has no AnalysisType/,
    );
    const analysisTypes = { campaign: { type: 'KAMP', description: 'Kampanje' } };
    expect(await refusal(smallBook({ dimensions: [value] }), { analysisTypes })).toBe('not refused');
    expect(await refusal(smallBook({ dimensions: [value, value] }), { analysisTypes })).toMatch(/listed twice/);
  });

  test('a bank account on a ledger account that the book does not have', async () => {
    expect(await refusal(smallBook(), { bankAccounts: [{ number: '1', account: '1921' }] })).toMatch(
      /^config: a bank account is on ledger account 1921/,
    );
  });

  test('a config with a key it does not know, or a bank account without a number', () => {
    const good = { address: { city: 'Tromsø' }, contact: { lastName: 'Nordmann' }, vatRegistered: false };
    expect(() => safTConfig.parse(good)).not.toThrow();
    expect(() => safTConfig.parse({ ...good, adress: {} })).toThrow(/adress/);
    expect(() => safTConfig.parse({ ...good, bankAccounts: [{ account: '1920' }] })).toThrow(/either iban or number/);
  });
});

test('a VAT code whose rate has changed stands in the table with the rate of the period', async () => {
  const rates = [2400, 2500].map((rateBasisPoints) => ({
    code: '3',
    description: `Utgående ${rateBasisPoints / 100} %`,
    rateBasisPoints,
    kind: 'output' as const,
  }));
  const text = await renderOne(smallBook({ vatCodes: rates.toReversed() }));
  expect(text.match(/<TaxCodeDetails>/g)).toHaveLength(1);
  expect(text).toContain('<Description>Utgående 25 %</Description>\n          <TaxPercentage>25</TaxPercentage>');
  const older = line('3000', -124, {
    vat: {
      kind: 'contained',
      code: '3',
      account: '2700',
      rateBasisPoints: 2400,
      net: amount(-100),
      amount: amount(-24),
    },
  });
  const both = [
    voucher('2025-01-15', [line('1579', 100), sale(100)]),
    voucher('2025-01-16', [line('1579', 124), older]),
  ];
  expect(await refusal(book(both, { vatCodes: rates }))).toMatch(/^unsupported: VAT code 3 is used with 25 % and 24 %/);
  // A policy says from when; what is refunded after the change has the old rate.
  const from = { 2400: plainDate('2024-01-01'), 2500: plainDate('2025-01-01') };
  const dated = rates.map((rate) => ({ ...rate, from: from[rate.rateBasisPoints as 2400 | 2500] }));
  const written = await renderOne(book(both, { vatCodes: dated }));
  const details = [...written.matchAll(/<EffectiveDate>(.*?)<[^]*?<TaxPercentage>(.*?)</g)].map((found) =>
    found.slice(1),
  );
  expect(details).toEqual([
    ['2024-01-01', '24'],
    ['2025-01-01', '25'],
  ]);
});

test('a party may have two balance accounts from 1.30, and one before', async () => {
  const parties = ['1500', '2400'].map((number) => ({
    kind: 'customer' as const,
    id: 'K',
    name: 'K',
    account: number,
    opening: amount(0),
  }));
  const listed = [...accounts, account('1500', 'Kunder', 'receivable'), account('2400', 'Gjeld', 'payable')];
  expect(
    await renderOne(
      book([], { parties, accounts: listed }),
      config({ grouping: { accounts: { ...equity, '3000': { category: 'NA', code: 'NA' } } } }),
    ),
  ).toContain('<BalanceAccount>');
  expect(
    await refusal(book([], { parties, accounts: listed, period: year(2024) }), {
      grouping: { accounts: { ...equity, '3000': { category: 'NA', code: 'NA' } } },
    }),
  ).toMatch(/^unsupported: customer\/K has balances on several accounts/);
});

test('the deviating accounting year counts its periods from its own first month', async () => {
  const period = { from: plainDate('2026-07-01'), to: plainDate('2027-06-30') };
  const content = richBook({ period, vouchers: () => [voucher('2027-06-30', [line('1579', 100), sale(100)])] });
  const settings = {
    ...richConfig,
    grouping: { accounts: { ...richConfig.grouping?.accounts, '3200': { category: 'NA', code: 'NA' } } },
  };
  const named = await renderOne(content, config({ ...settings, fiscalYearStartMonth: 7 }));
  expect(named).toContain('<Period>12</Period>\n        <PeriodYear>2027</PeriodYear>');
  expect(named).toContain('<AuditFileVersion>1.30</AuditFileVersion>');
  const byStart = await renderOne(
    content,
    config({ ...settings, fiscalYearStartMonth: 7, fiscalYearNamedBy: 'start' }),
  );
  expect(byStart).toContain('<PeriodYear>2026</PeriodYear>');
  // The company says when its year begins; a config that says otherwise is not chosen over it.
  const company = { ...content.company, fiscalYearStartMonth: 7 };
  expect(await renderOne({ ...content, company }, config(settings))).toBe(named);
  expect(await refusal({ ...content, company }, { ...settings, fiscalYearStartMonth: 1 })).toMatch(
    /^config: the accounting year begins in month 7 for the company, and in month 1 for this target/,
  );
});
