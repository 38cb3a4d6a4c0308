import {
  addDays,
  amount,
  containedVat,
  createVoucher,
  plainDate,
  subtract,
  type Book,
  type JournalLine,
  type Voucher,
} from '@bilag/core';

/** Texts as they are in real books: letters beyond ASCII, and characters that XML wants escaped. */
const texts: readonly string[] = [
  'Salg i nettbutikk',
  'Salg på kjøkkenet, rømmegrøt og øl',
  'Salg Brød & Blåbær AS',
  'Refusjon <ordre> "Ærlig talt"',
  'Salg Vipps',
];

/** Where the books are kept. */
export interface Home {
  readonly country: string;
  readonly currency: string;
  readonly organisationNumber: string;
}

const norwegian: Home = { country: 'NO', currency: 'NOK', organisationNumber: '999999999' };

/** A year of vouchers with lines for each entry: one on the clearing account, and one of base and VAT. */
export function* sampleVouchers(
  entries: number,
  perVoucher: number,
  { currency }: Home = norwegian,
): Generator<Voucher, void, undefined> {
  const vouchers = Math.ceil(entries / perVoucher);
  for (let number = 0; number < vouchers; number += 1) {
    const date = addDays(plainDate('2025-01-01'), Math.floor((number * 365) / vouchers));
    const lines: JournalLine[] = [];
    const facts: string[] = [];
    const count = Math.min(perVoucher, entries - number * perVoucher);
    for (let entry = 0; entry < count; entry += 1) {
      const serial = number * 7919 + entry * 104_729;
      const reference = String(10_000_000_000 + (serial % 89_999_999_999));
      const fact = `302321/${date}/${reference}`;
      facts.push(fact);
      lines.push(
        ...saleLines(1000 + (serial % 99_000), `${texts[serial % texts.length]} ${reference}`, reference, fact),
      );
    }
    yield createVoucher({
      key: `302321-${date.replaceAll('-', '')}-${number}`,
      date,
      ledgerId: '302321',
      ledgerDate: date,
      series: 'VIPPS',
      document: 'journal',
      description: `Vipps MobilePay, Fjellbutikken & Søsken, ${date}`,
      currency,
      lines,
      facts,
    });
  }
}

function saleLines(minorUnits: number, text: string, reference: string, fact: string): readonly JournalLine[] {
  const gross = amount(minorUnits);
  const tax = containedVat(gross, 2500);
  const vat = {
    kind: 'contained',
    code: '3',
    account: '2700',
    rateBasisPoints: 2500,
    net: amount(-subtract(gross, tax)),
    amount: amount(-tax),
  } as const;
  const facts = [fact];
  return [
    { account: '1579', amount: gross, role: 'clearing', text, reference, facts },
    { account: '3000', amount: amount(-gross), vat, text, reference, facts },
  ];
}

/** A book of such vouchers, which are kept, as those of an export are. */
export function sampleBook(vouchers: () => Iterable<Voucher>, home: Home = norwegian): Book {
  return {
    company: { name: 'Fjellbutikken & Søsken AS', ...home },
    period: { from: plainDate('2025-01-01'), to: plainDate('2025-12-31') },
    accounts: [
      { number: '1579', name: 'Vipps, oppgjørskonto', role: 'clearing', opening: amount(0) },
      { number: '2700', name: 'Utgående merverdiavgift', role: 'vat', opening: amount(0) },
      { number: '3000', name: 'Salg', role: 'revenue', opening: amount(0) },
    ],
    vatCodes: [{ code: '3', description: 'Utgående mva, høy sats', rateBasisPoints: 2500, kind: 'output' }],
    dimensions: [],
    parties: [],
    keepsVouchers: true,
    vouchers,
  };
}
