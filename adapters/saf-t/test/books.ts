import {
  amount,
  containedVat,
  createVoucher,
  plainDate,
  type Book,
  type BookAccount,
  type JournalLine,
  type OutputFile,
  type RenderContext,
  type PlainDate,
  type Voucher,
  type VoucherParts,
} from '@bilag/core';
import { safT, safTConfig, type SafTConfig } from '@bilag/saf-t';
import type { SafTConfigInput } from '../src/config.ts';

/** Books made by hand, as small as what each test is about. */

export const createdAt = '2026-11-21T08:00:00Z';

export function config(overrides: Partial<SafTConfigInput> = {}): SafTConfig {
  return safTConfig.parse({
    address: { streetName: 'Storgata', number: '1', city: 'Tromsø', postalCode: '9008' },
    contact: { firstName: 'Kari', lastName: 'Nordmann', telephone: '75757575', email: 'regnskap@example.no' },
    vatRegistered: true,
    bankAccounts: [{ number: '11111111234', account: '1920' }],
    ...overrides,
  } satisfies SafTConfigInput);
}

export function account(number: string, name: string, role: BookAccount['role'], opening = 0): BookAccount {
  return { number, name, opening: amount(opening), ...(role === undefined ? {} : { role }) };
}

/** The accounts of a small shop; 1000.00 on the bank from before. */
export const accounts: readonly BookAccount[] = [
  account('1579', 'Vipps, oppgjørskonto', 'clearing'),
  account('1920', 'Bank', 'bank', 100_000),
  account('2050', 'Annen egenkapital', undefined, -100_000),
  account('2700', 'Utgående merverdiavgift', 'vat'),
  account('3000', 'Salg, høy sats', 'revenue'),
  account('7770', 'Gebyrer', 'fee'),
];

export const equity = { '2050': { category: 'egenkapital', code: '2050' } } as const;

export function line(number: string, minorUnits: number, extra: Partial<JournalLine> = {}): JournalLine {
  return { account: number, amount: amount(minorUnits), text: 'Salg', facts: ['f'], ...extra };
}

/** A sale at 25 %, gross. */
export function sale(gross: number, extra: Partial<JournalLine> = {}): JournalLine {
  const value = amount(-gross);
  const vat = containedVat(value, 2500);
  return line('3000', -gross, {
    vat: {
      kind: 'contained',
      code: '3',
      account: '2700',
      rateBasisPoints: 2500,
      net: amount(value - vat),
      amount: vat,
    },
    ...extra,
  });
}

export function voucher(date: string, lines: readonly JournalLine[], extra: Partial<VoucherParts> = {}): Voucher {
  return createVoucher({
    key: `302321-${date.replaceAll('-', '')}`,
    date: plainDate(date),
    ledgerId: '302321',
    ledgerDate: plainDate(date),
    series: 'VIPPS',
    document: 'journal',
    description: `Vipps MobilePay 302321 ${date}`,
    currency: 'NOK',
    lines,
    facts: ['f'],
    ...extra,
  });
}

export function book(vouchers: Iterable<Voucher> | (() => Iterable<Voucher>), overrides: Partial<Book> = {}): Book {
  return {
    company: { name: 'Fjellbutikken AS', organisationNumber: '999999999', country: 'NO', currency: 'NOK' },
    period: year(2025),
    accounts,
    vatCodes: [{ code: '3', description: 'Utgående mva, høy sats', rateBasisPoints: 2500, kind: 'output' }],
    dimensions: [],
    parties: [],
    vouchers: () => (typeof vouchers === 'function' ? vouchers() : vouchers),
    ...overrides,
  };
}

export function year(number: number): { readonly from: PlainDate; readonly to: PlainDate } {
  return { from: plainDate(`${number}-01-01`), to: plainDate(`${number}-12-31`) };
}

/** One sale, one fee, one payout. */
export function smallBook(overrides: Partial<Book> = {}): Book {
  const [from] = [overrides.period?.from ?? '2025-01-01'];
  const day = `${from.slice(0, 4)}-01-15`;
  return book(
    [
      voucher(day, [
        line('1579', 12_500, { reference: 'psp-1' }),
        sale(12_500, { reference: 'psp-1' }),
        line('7770', 189, { text: 'Gebyr' }),
        line('1579', -189, { text: 'Gebyr' }),
        line('1920', 12_311, { text: 'Utbetaling 2000045', reference: '2000045' }),
        line('1579', -12_311, { text: 'Utbetaling 2000045', reference: '2000045' }),
      ]),
    ],
    overrides,
  );
}

export interface Rendered {
  readonly name: string;
  readonly text: string;
}

/** Renders a book to the end and holds it all. */
export async function renderAll(
  content: Book,
  settings: SafTConfig = config({ grouping: { accounts: equity } }),
  told: Pick<RenderContext, 'onFindings'> = {},
): Promise<readonly Rendered[]> {
  const files: Rendered[] = [];
  for await (const file of safT.render(content, settings, { createdAt, ...told })) {
    files.push({ name: file.name, text: await textOf(file) });
  }
  return files;
}

export async function renderOne(content: Book, settings?: SafTConfig): Promise<string> {
  const [file] = await renderAll(content, settings);
  return file?.text ?? '';
}

export async function textOf(file: OutputFile): Promise<string> {
  let text = '';
  for await (const chunk of file.content)
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
  return text;
}

/** Text with everything XML and XML Schema make hard. */
export const awkward = `a & b <c> &lt; &amp;amp; &#65; ]]> "q" 'å' \u{1F600}\u0000\u001F\uD800 \uFFFE\r\nnext\tend`;

/** Two journals, parties, dimensions, every kind of VAT line, awkward text, and texts at the limits of the schema. */
export function richBook(overrides: Partial<Book> = {}): Book {
  const period = overrides.period ?? year(2025);
  const y = period.from.slice(0, 4);
  const customer = { kind: 'customer', id: 'K-1' } as const;
  const supplier = { kind: 'supplier', id: 'VIPPS' } as const;
  const dimensions = { department: '10', project: 'P & 1' };
  const reverse = (deductionAccount: string | null): JournalLine =>
    line('6500', 10_000, {
      vat: {
        kind: 'reverse-charge',
        code: '86',
        account: '2705',
        deductionAccount,
        rateBasisPoints: 2500,
        net: amount(10_000),
        amount: amount(2_500),
      },
      text: awkward,
    });
  const exempt = line('3200', -5_000, {
    vat: { kind: 'contained', code: '6', account: null, rateBasisPoints: 0, net: amount(-5_000), amount: amount(0) },
  });
  return book(
    [
      voucher(`${y}-01-15`, [line('1579', 12_500, { reference: 'r'.repeat(35) }), sale(12_500, { dimensions })]),
      voucher(`${y}-01-31`, [line('1500', 5_000, { party: customer }), exempt], {
        series: 'FAKTURA',
        document: 'sale',
      }),
      voucher(`${y}-02-28`, [sale(-9_999, { text: '\u{1F600}'.repeat(300) }), line('1579', -9_999)], { revision: 2 }),
      voucher(`${y}-03-01`, [line('7770', 300), line('2400', -300, { party: supplier })], { description: awkward }),
      voucher(`${y}-03-02`, [reverse('2715'), line('1920', -10_000, { text: '' })], { description: 'x'.repeat(256) }),
      voucher(`${y}-03-03`, [reverse(null), line('1920', -10_000)], { description: '\u{1F600}'.repeat(128) }),
      voucher(`${y}-12-31`, [line('1579', 1), sale(1)], { series: 'FAKTURA', description: '' }),
    ],
    {
      accounts: [
        ...accounts,
        account('1500', 'Kundefordringer', 'receivable', 7_000),
        account('2400', `Leverandørgjeld ${'å'.repeat(300)}`, 'payable', -7_000),
        account('2705', 'Omvendt avgift', 'vat'),
        account('2715', 'Inngående mva', 'vat'),
        account('3200', 'Unntatt', 'revenue'),
        account('6500', `Tjenester ${awkward}`, undefined),
      ],
      vatCodes: [
        { code: '3', description: 'Utgående mva, høy sats', rateBasisPoints: 2500, kind: 'output' },
        { code: '6', description: '', rateBasisPoints: 0, kind: 'output' },
        { code: '86', description: 'Tjenester fra utlandet', rateBasisPoints: 2500, kind: 'reverse-charge' },
        { code: 'EGEN', description: 'Brukes ikke', rateBasisPoints: 1111, kind: 'output' },
      ],
      dimensions: [
        { type: 'department', id: '10', name: 'Butikk & nett' },
        { type: 'department', id: '20', name: 'Brukes ikke' },
        { type: 'project', id: 'P & 1', name: '' },
      ],
      parties: [
        { ...customer, name: 'Kunde AS', account: '1500', opening: amount(7_000), registrationNumber: '999999999' },
        { ...supplier, name: 'Betaling & Co', account: '2400', opening: amount(-7_000) },
      ],
      ...overrides,
    },
  );
}

export const richConfig: Partial<SafTConfigInput> = {
  grouping: {
    list: '2025-2026',
    accounts: {
      ...equity,
      '1500': { category: 'balanseverdiForOmloepsmiddel', code: '1500' },
      '6500': { category: 'NA', code: 'NA' },
    },
  },
  standardTaxCodes: { EGEN: 'NA' },
  bankAccounts: [
    { iban: 'NO9386011117947', bic: 'DNBANOKK', currency: 'NOK', account: '1920' },
    { number: '11111111234', name: 'Drift', account: '1920' },
  ],
  suppliers: { VIPPS: { registrationNumber: '918713867', address: { city: 'Oslo' } } },
  journals: { FAKTURA: { description: 'Faktura & kreditnota', type: 'AR' } },
  software: { company: 'Bilag', id: 'Bilag', version: '1.2.3' },
  taxEntity: 'Hele foretaket',
  userId: 'kari',
};
