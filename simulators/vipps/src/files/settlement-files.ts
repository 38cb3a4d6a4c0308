import { add, formatAmount, subtract, type PlainDate } from '@bilag/core';
import type { Merchant } from '../merchant/merchant.ts';
import { type SettledPayout, settlementsOf, sumsOf } from './settlements.ts';
import { escaped, workbook } from './workbook.ts';

/** What is wrong with a settlement file: the first three have been seen in the vendor's own. */
export type SettlementFault =
  /** CSV: the net of a settlement has a decimal comma, unquoted, in a file that is separated by commas. */
  | 'net-with-comma'
  /** CSV: the summary names another sales unit, settlement and date than the transactions. */
  | 'other-ids'
  /** CSV: the net leaves the refunds out. */
  | 'net-without-refunds'
  /** The last payment of the last settlement is missing; the sums count it. */
  | 'missing-payment'
  /** The number of payments is one too many. */
  | 'wrong-count';

export interface SettlementFileOptions {
  readonly faults?: readonly SettlementFault[];
}

/** The settlement report in XML, of version 3.0 or of 2.0: every payout of a merchant. */
export function settlementXml(
  merchant: Merchant,
  version: '3.0' | '2.0',
  { faults = [] }: SettlementFileOptions = {},
): string {
  const payouts = settlementsOf(merchant);
  const { ledger, currency, name, from, to } = merchant;
  const sums = sumsOf(payouts.flatMap(({ payments }) => payments));
  const totals = elements({
    TotalSettledGrossAmount: formatAmount(add(sums.capture, sums.refund)),
    TotalSettledNetAmount: formatAmount(subtract(add(sums.capture, sums.refund), sums.fee)),
    TotalSettledFeeAmount: formatAmount(sums.fee),
    TotalSettledRefundAmount: formatAmount(sums.refund),
  });
  const count = elements({ NumOfSettlements: String(payouts.length) });
  const account = elements({ SettlementAccountNum: ledger.payoutBankAccount.id });
  const period = elements({ ReportDateFrom: from, ReportDateTo: to, SettlementCurrencyCode: currency });
  const settlements = payouts.map((payout, index) => {
    const missing = faults.includes('missing-payment') && index === payouts.length - 1;
    return settlementElement(payout, merchant, { version, missing, extra: faults.includes('wrong-count') ? 1 : 0 });
  });
  const paid =
    version === '3.0' ? [period, account, ...settlements, count] : [period, totals, account, count, ...settlements];
  const unit = elements({
    SaleUnitName: ledger.salesUnits?.[0]?.name ?? '',
    SerialNumber: numberOf(merchant),
    OrganizationName: name,
    OrganizationNumber: ledger.owner.id,
    MainAddress: 'Storgata 1',
    MainAddressZipCode: '0155',
    MainAddressCity: 'Oslo',
    MainAddressCountryCode: 'NOR',
  });
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<SettlementReport xmlns="${namespaces[version]}"><SettlementDetailsInfo>${unit}<PaymentsInfo>${paid.join('')}</PaymentsInfo></SettlementDetailsInfo>${vippsInfo}</SettlementReport>
`;
}

const namespaces = {
  '3.0': 'http://vipps.no/xmlschema/SettlementReport-3.0.xsd',
  '2.0': 'http://vipps.dnb.no/XMLSchema/SettlementReport.xsd',
} as const;

const vippsInfo = `<VippsInfo>${elements({ Name: 'Vipps', WebSite: 'vipps.no', VisitingAddress: 'Robert Levins gate 5', PostBox: '9236', PostAddress: '0134 Oslo', Country: 'Norway' })}</VippsInfo>`;

interface SettlementWriting {
  readonly version: '3.0' | '2.0';
  readonly missing: boolean;
  readonly extra: number;
}

function settlementElement(
  { number, date, payments }: SettledPayout,
  { currency, settlement }: Merchant,
  { version, missing, extra }: SettlementWriting,
): string {
  const { capture, refund, fee } = sumsOf(payments);
  const [gross, net] = [add(capture, refund), subtract(add(capture, refund), fee)];
  const written = missing ? payments.slice(0, -1) : payments;
  const transactions = written.map((payment) => {
    const own = sumsOf([payment]);
    const amounts = {
      TransactionGrossAmount: formatAmount(payment.amount),
      TransactionNetAmount: formatAmount(subtract(payment.amount, payment.fee)),
      TransactionFeeAmount: formatAmount(payment.fee),
      SettlementCurrencyCode: currency,
      TransactionID: payment.id,
      OrderID: payment.order,
    };
    const parts = {
      TransactionCaptureAmount: formatAmount(own.capture),
      TransactionRefundAmount: formatAmount(own.refund),
    };
    const time = payment.at.replace(/(\.\d{3})\d*/, '$1').replace(/(\d{2})(\d{2})$/, '$1:$2');
    return version === '3.0'
      ? `<TransactionInfo>${elements({ TransactionTime: time, ...parts, ...amounts })}</TransactionInfo>`
      : `<TransactionInfo>${elements({ TransactionDate: `${time.slice(0, 19)}Z`, ...amounts })}</TransactionInfo>`;
  });
  const sums = {
    GrossSettlementAmount: formatAmount(gross),
    NetSettlementAmount: formatAmount(net),
    FeeSettlementAmount: formatAmount(fee),
  };
  const count = { NumOfTransactions: String(payments.length + extra) };
  const head = { SettlementID: number, SettlementCurrencyCode: currency };
  if (version === '2.0')
    return `<SettlementInfo>${elements({ SettlementBatchDate: date, ...head, ...sums, ...count })}${transactions.join('')}</SettlementInfo>`;
  const type = { SettlementType: settlement === 'net' ? 'Net' : 'Gross' };
  const split = { CaptureSettlementAmount: formatAmount(capture), RefundSettlementAmount: formatAmount(refund) };
  const settled = { SettledAmount: formatAmount(settlement === 'net' ? net : gross) };
  return `<SettlementInfo>${elements({ SettlementDate: date, ...head, ...type })}${transactions.join('')}${elements({ ...count, ...split, ...sums, ...settled })}</SettlementInfo>`;
}

/** The settlement report in CSV of 2021: one payout of a merchant, the last by default. */
export function settlementCsv(
  merchant: Merchant,
  { number, faults = [] }: SettlementFileOptions & { readonly number?: string } = {},
): string {
  const payouts = settlementsOf(merchant);
  const payout = payouts.find((each) => each.number === number) ?? payouts.at(-1);
  const unit = numberOf(merchant);
  const { name, ledger, currency } = merchant;
  // It quotes nothing.
  const shop = (ledger.salesUnits?.[0]?.name ?? '').replaceAll(/[",]/g, '');
  const head = [
    ['OrganizationNumber', 'MerchantName'],
    [ledger.owner.id, name],
    ['Name', 'VisitingAddress', 'Postbox', 'Zipno', 'Place', 'Country', 'CompanyNumber'],
    ['Vipps AS', 'Robert Levins gate 5', '', '0154', 'Oslo', 'Norway', '918713867'],
  ];
  const payments = payout?.payments ?? [];
  const sums = sumsOf(payments);
  const forgets = faults.includes('net-without-refunds');
  const net = formatAmount(
    subtract(add(sums.capture, forgets ? subtract(sums.refund, sums.refund) : sums.refund), sums.fee),
  );
  const other = faults.includes('other-ids');
  const date = nordic(payout?.date);
  const summary = [
    'SettlementInfo',
    shop,
    other ? '513428' : unit,
    other ? '12.04.2021' : date,
    other ? '2000999' : (payout?.number ?? ''),
    ledger.payoutBankAccount.id,
    formatAmount(sums.capture),
    currency,
    negated(formatAmount(sums.fee)),
    formatAmount(sums.refund),
    faults.includes('net-with-comma') ? net.replace('.', ',') : net,
    String(payments.length + (faults.includes('wrong-count') ? 1 : 0)),
  ];
  const written = faults.includes('missing-payment') ? payments.slice(0, -1) : payments;
  const rows = written.map((payment) => {
    const own = sumsOf([payment]);
    const rowNet = forgets ? subtract(own.capture, own.fee) : subtract(payment.amount, own.fee);
    const amounts = [formatAmount(own.capture), currency, negated(formatAmount(own.fee)), formatAmount(own.refund)];
    const ids = [shop, unit, payment.id, payout?.number ?? '', payment.order, date];
    return ['TransactionInfo', nordic(payment.date), ...ids, ...amounts, formatAmount(rowNet)];
  });
  const tables = [
    'SettlementInfo,SalesUnitName,SaleUnitNumber,SettlementDate,SettlementID,SettlementAccount,Gross,Currency,Fee,Refund,Net,NumberOfTransactions',
    summary.join(','),
    'FeeInfo,SettlementDate,SaleUnitName,SaleUnitNumber,FeeAccount,Fee,Currency',
    'TransactionInfo,SalesDate,SaleUnitName,SaleUnitNumber,TransactionId,SettlementId,OrderID,SettlementDate,Gross,Currency,Fee,Refund,Net',
  ];
  return `${[...head.map((row) => row.join(',')), ...tables, ...rows.map((row) => row.join(','))].join('\n')}\n`;
}

/** The settlement report in XLSX of 2018 and 2019: every payout of merchants, one below the other. */
export function settlementWorkbook(
  merchants: readonly Merchant[],
  { faults = [] }: SettlementFileOptions = {},
): Uint8Array {
  const [first] = merchants;
  const rows: (string | number)[][] = [
    ['Oppgjørsrapport'],
    ['Bedriften', '', first?.name ?? ''],
    ['Organisasjonsnummer', '', first?.ledger.owner.id ?? ''],
    ['Fra dato', '', nordic(first?.from)],
    ['Til dato', '', nordic(first?.to)],
    [],
    [],
    'Salgsdato,Salgssted,Vippsnummer,Produkt,Transaksjons-ID,Ordre-ID,Brutto,Gebyr,Netto,Transaksjonstype,Oppgjørs-ID,Oppgjørsdato,Oppgjørssum,Oppgjørskonto'.split(
      ',',
    ),
  ];
  for (const merchant of merchants) {
    const [unit, shop] = [numberOf(merchant), merchant.ledger.salesUnits?.[0]?.name ?? ''];
    for (const { number, date, payments } of settlementsOf(merchant)) {
      const written = faults.includes('missing-payment') ? payments.slice(0, -1) : payments;
      for (const payment of written) {
        const type = payment.amount < 0 ? 'Refundering' : 'Salg';
        const net = payment.amount - payment.fee;
        const amounts = [payment.amount / 100, -payment.fee / 100, net / 100];
        const own = [nordic(payment.date), shop, unit, 'Vipps Netthandel', payment.id, payment.order];
        rows.push([...own, ...amounts, type, number, nordic(date), '', '']);
      }
      const { capture, refund, fee } = sumsOf(payments);
      const settled = subtract(add(capture, refund), fee) / 100;
      const account = merchant.ledger.payoutBankAccount.id;
      const empty = ['', '', '', '', '', '', ''];
      rows.push(['Til utbetaling netto', shop, unit, ...empty, number, nordic(date), settled, account], []);
    }
  }
  return workbook(rows);
}

/** Settlement files name a sales unit by its number alone. */
function numberOf({ ledger }: Merchant): string {
  return (ledger.settlesForRecipientHandles[0] ?? '').replace(/^.*:/, '');
}

function nordic(date: PlainDate | undefined): string {
  return (date ?? '').split('-').toReversed().join('.');
}

function negated(text: string): string {
  return /^0\.0*$/.test(text) ? text : text.startsWith('-') ? text.slice(1) : `-${text}`;
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, text]) => `<${name}>${escaped(text)}</${name}>`)
    .join('');
}
