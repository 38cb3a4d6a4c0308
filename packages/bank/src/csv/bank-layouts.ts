/** Which columns of a bank's CSV hold what, by their headers. */
export interface BankLayout {
  readonly title: string;
  readonly date: string;
  readonly valueDate?: string;
  /** One signed column, or one for each direction. */
  readonly amount: { readonly signed: string } | { readonly out: string; readonly in: string };
  readonly currency?: string;
  /** The balance after the row. */
  readonly balance?: string;
  /** Whose account a row is on: what came in names it as the receiver's, what went out as the sender's. */
  readonly accounts?: { readonly from: string; readonly to: string };
  readonly texts: readonly string[];
  readonly parties: readonly string[];
  readonly bankReference?: string;
  /** What tells that the money came in another currency: another rate than 1. */
  readonly rate?: string;
}

/** Layouts seen in files of Norwegian banks. A file has every column of its layout, in any order. */
export const bankLayouts: readonly BankLayout[] = [
  {
    title: 'bank CSV with accounts and rates',
    date: 'Bokført',
    valueDate: 'Rentedato',
    amount: { signed: 'Beløp (NOK)' },
    accounts: { from: 'Fra konto', to: 'Til konto' },
    texts: ['Beskrivelse', 'Melding'],
    parties: ['Debitornavn', 'Kreditornavn'],
    bankReference: 'Arkivref.',
    rate: 'Vekslingskurs',
  },
  {
    title: 'bank CSV with archive references',
    date: 'Dato',
    valueDate: 'Rentedato',
    amount: { out: 'Ut av konto', in: 'Inn på konto' },
    texts: ['Forklaring', 'KID'],
    parties: [],
    bankReference: 'Arkivref',
  },
  {
    title: 'bank CSV with balances',
    date: 'Bokført dato',
    amount: { out: 'Ut', in: 'Inn' },
    balance: 'Saldo',
    texts: ['Beskrivelse', 'KID'],
    parties: [],
  },
  {
    title: 'bank CSV with counterparties',
    date: 'Dato',
    amount: { signed: 'Beløp' },
    texts: ['Forklaring', 'KID'],
    parties: ['Motpart'],
  },
];

/** The headers a file must have to be of a layout. */
export function headersOf(layout: BankLayout): readonly string[] {
  const { amount, accounts } = layout;
  const amounts = 'signed' in amount ? [amount.signed] : [amount.out, amount.in];
  const optional = [layout.valueDate, layout.currency, layout.balance, layout.bankReference, layout.rate];
  return [
    layout.date,
    ...amounts,
    ...(accounts === undefined ? [] : [accounts.from, accounts.to]),
    ...layout.texts,
    ...layout.parties,
    ...optional.filter((header) => header !== undefined),
  ];
}
