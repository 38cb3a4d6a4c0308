import { formatAmount, type Amount, type Market, type PlainDate } from '@bilag/core';
import type { MerchantDate, V2Entry } from '../ledger/ledger-dates.ts';
import type { Merchant } from '../merchant/merchant.ts';
import { localText } from '../trade/local-time.ts';
import { csvText } from './csv-text.ts';
import { workbook } from './workbook.ts';

/** Which report of the portal is taken, and what has happened to it since. */
export interface PortalReportOptions {
  /** The language of the portal's pages; English by default. */
  readonly language?: 'en' | 'nb';
  /** With the number, account and date of payouts, as since 2026, in Norwegian alone; 18 by default. */
  readonly columns?: 18 | 21;
  /** The period that is asked for; all by default. */
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  /** With names, phone numbers and messages, all made up. */
  readonly personalData?: boolean;
}

/** The report of the portal as CSV: the ledgers of merchants, row by row. */
export function portalReport(merchants: readonly Merchant[], options: PortalReportOptions = {}): string {
  return csvText(rowsOf(merchants, options));
}

/** The same as a spreadsheet program saves it again in Norway: semicolons, decimal commas, other dates. */
export function resavedReport(merchants: readonly Merchant[], options: PortalReportOptions = {}): string {
  const [headings = [], ...rows] = rowsOf(merchants, options);
  const resaved = rows.map((row) =>
    row.map((text) =>
      text
        .replace(/^(-?\d+)\.(\d{2})$/, '$1,$2')
        .replace(/^(\d{4})-(\d{2})-(\d{2})(?= \d{2}:|$)/, (_, year, month, day) => `${day}.${month}.${year}`),
    ),
  );
  return `\uFEFF${csvText([headings, ...resaved], ';')}`;
}

/** The report of the portal as a workbook (XLSX). */
export function portalWorkbook(merchants: readonly Merchant[], options: PortalReportOptions = {}): Uint8Array {
  const rows = rowsOf(merchants, options);
  return workbook(rows.map((row) => row.map((text) => (/^-?\d+\.\d{2}$/.test(text) ? Number(text) : text))));
}

const headings = {
  en: 'Sales unit,MSN/Vipps number,Country,Payment solution,Time,Booking date,Type,Amount,Balance,Fee,Net amount,Currency,Customer name,Customer phone number,Message,Category,PSP reference,Order ID/Reference',
  nb: 'Salgssted,MSN/Vippsnummer,Land,Betalingsløsning,Tidspunkt,Bokføringsdato,Type,Beløp,Balanse,Gebyr,Nettobeløp,Valuta,Kundens navn,Kundens telefonnummer,Melding,Kategori,PSP-referanse,Ordre-ID/Referanse',
} as const;

const payoutHeadings = 'Utbetalingsnummer,Bankkonto for utbetaling,Planlagt utbetalingsdato';

/** Norwegian has been seen for these three; what it calls the others is the type's own name here. */
const words: Readonly<Record<'en' | 'nb', Readonly<Record<string, string>>>> = {
  en: {
    capture: 'Capture',
    refund: 'Refund',
    'fees-retained': 'Fees retained',
    'payout-scheduled': 'Payout scheduled',
  },
  nb: {
    capture: 'Belastning',
    'fees-retained': 'Gebyrer fratrukket',
    'payout-scheduled': 'Utbetaling planlagt',
  },
};

const countries: Readonly<Record<Market, string>> = { NO: 'Norway', DK: 'Denmark', SE: 'Sweden', FI: 'Finland' };

function rowsOf(merchants: readonly Merchant[], options: PortalReportOptions): string[][] {
  const { language = 'en', columns = 18, from, to } = options;
  const named = [headings[language], ...(columns === 21 ? [payoutHeadings] : [])].join(',').split(',');
  const rows: string[][] = [];
  for (const merchant of merchants) {
    for (const date of merchant.dates()) {
      if ((from !== undefined && date.date < from) || (to !== undefined && date.date > to)) continue;
      const fees = feesOf(date);
      for (const entry of date.funds) rows.push(rowOf(entry, fees.get(entry.pspReference), merchant, options));
    }
  }
  return [named, ...rows];
}

function feesOf({ fees }: MerchantDate): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { entryType, pspReference, amount } of fees)
    if (entryType === 'capture-fee') found.set(pspReference, (found.get(pspReference) ?? 0) + amount);
  return found;
}

function rowOf(entry: V2Entry, fee: number | undefined, merchant: Merchant, options: PortalReportOptions): string[] {
  const { language = 'en', columns = 18, personalData = false } = options;
  const { market, ledger } = merchant;
  const handle = entry.recipientHandle ?? ledger.settlesForRecipientHandles[0] ?? '';
  const number = handle.replace(/^.*:/, '');
  const unit = ledger.salesUnits?.find(({ recipientHandle }) => recipientHandle === handle);
  const isCapture = entry.entryType === 'capture';
  const payout = entry.entryType === 'payout-scheduled' ? entry.pspReference.replace(/^.*-/, '') : '';
  const about =
    personalData && isCapture ? ['Ola Nordmann', '+47 xxxx 8586', 'Takk\nfor kaffen, "barista"'] : ['', '', ''];
  return [
    unit?.name ?? '',
    number,
    countries[market],
    isCapture ? 'Open amount' : '',
    localText(Date.parse(entry.time) * 1000, market)
      .slice(0, 19)
      .replace('T', ' '),
    entry.ledgerDate,
    words[language][entry.entryType] ?? entry.entryType,
    inMajor(entry.amount),
    inMajor(entry.balanceAfter),
    isCapture && fee !== undefined ? inMajor(fee) : '',
    isCapture ? inMajor(entry.amount + (fee ?? 0)) : '',
    entry.currency,
    ...about,
    '',
    entry.pspReference,
    entry.reference ?? (payout === '' ? '' : `Utb. ${payout} Vippsnr ${number}`),
    ...(columns === 18 ? [] : payout === '' ? ['', '', ''] : [payout, 'NO93 8601 1117 9', entry.ledgerDate]),
  ];
}

function inMajor(value: number): string {
  return formatAmount(value as Amount);
}
