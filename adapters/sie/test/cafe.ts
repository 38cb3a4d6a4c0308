import {
  definePolicy,
  ledgerEntry,
  parseAmount,
  plainDate,
  prepareBook,
  type Book,
  type LedgerDate,
  type LedgerEntry,
} from '@bilag/core';

/** What Vipps MobilePay says of two days of a Swedish café: type, reference, sales unit, amount. */
const ledger: Readonly<Record<string, string>> = {
  '2026-03-02': `
    capture          4000000001 api:bar     1250.00
    capture          4000000002 api:kitchen  560.00
    capture          4000000003 api:books    318.00
    refund           4000000004 api:kitchen  -56.00
    fees-retained    -          -            -40.00
  `,
  '2026-03-03': `
    payout-scheduled 402301-2000045 -      -2032.00
  `,
};

const policy = definePolicy({
  dimensionNames: { department: { '10': 'Bokhörnan' } },
  versions: [
    {
      from: '2026-03-02',
      market: 'SE',
      sales: { sale: '25' },
      salesUnits: {
        'api:bar': { sale: '25' },
        'api:kitchen': { sale: '12' },
        'api:books': { sale: '6', dimensions: { department: '10' } },
      },
    },
  ],
});

/** The café's book of these days, by core's preset for Sweden (BAS). */
export function cafeBook(): Promise<Book> {
  return prepareBook({
    company: { name: 'Kaffebaren "Exemplet" AB', organisationNumber: '5560160680', country: 'SE', currency: 'SEK' },
    period: { from: plainDate('2026-03-02'), to: plainDate('2026-03-31') },
    policy,
    dates: () => Object.entries(ledger).map(([date, written]) => ledgerDate(date, written)),
  });
}

function ledgerDate(date: string, written: string): LedgerDate {
  const rows = written.trim().split('\n');
  const profile = { provider: 'Vipps MobilePay', series: 'VIPPS' };
  const common = { ledgerId: '402301', currency: 'SEK' };
  const entries = rows.map((row): LedgerEntry => {
    const [type = '', reference, unit, value = ''] = row.trim().split(/\s+/);
    const orNull = (text: string | undefined): string | null => (text === undefined || text === '-' ? null : text);
    return ledgerEntry({
      ...common,
      account: 'funds',
      ledgerDate: plainDate(date),
      type,
      amount: parseAmount(value),
      pspReference: orNull(reference),
      reference: null,
      salesUnit: orNull(unit),
      time: null,
    });
  });
  return { ...common, profile, date: plainDate(date), accounts: { funds: { closed: true } }, entries };
}
