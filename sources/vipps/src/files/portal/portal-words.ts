/** What a column of the portal's report says. Columns of `personal` are about customers. */
export type PortalColumn =
  | 'unitName'
  | 'unit'
  | 'country'
  | 'solution'
  | 'time'
  | 'date'
  | 'type'
  | 'amount'
  | 'balance'
  | 'fee'
  | 'net'
  | 'currency'
  | 'name'
  | 'phone'
  | 'message'
  | 'category'
  | 'psp'
  | 'reference'
  | 'payout'
  | 'account'
  | 'payoutDate';

/** The report speaks the language of the portal's pages. Those here have been seen in real exports. */
export interface PortalLanguage {
  readonly name: string;
  /** In the order of the report; the last three came in 2026, and in English two of them have not been seen. */
  readonly columns: Readonly<Partial<Record<PortalColumn, string>>>;
  /** What its rows are called, by the type that the Report API has for them. */
  readonly types: Readonly<Record<string, string>>;
}

export const portalLanguages: readonly PortalLanguage[] = [
  {
    name: 'English',
    columns: {
      unitName: 'Sales unit',
      unit: 'MSN/Vipps number',
      country: 'Country',
      solution: 'Payment solution',
      time: 'Time',
      date: 'Booking date',
      type: 'Type',
      amount: 'Amount',
      balance: 'Balance',
      fee: 'Fee',
      net: 'Net amount',
      currency: 'Currency',
      name: 'Customer name',
      phone: 'Customer phone number',
      message: 'Message',
      category: 'Category',
      psp: 'PSP reference',
      reference: 'Order ID/Reference',
      payout: 'Payout number',
    },
    types: {
      capture: 'Capture',
      refund: 'Refund',
      'fees-retained': 'Fees retained',
      'payout-scheduled': 'Payout scheduled',
    },
  },
  {
    name: 'Norwegian',
    columns: {
      unitName: 'Salgssted',
      unit: 'MSN/Vippsnummer',
      country: 'Land',
      solution: 'Betalingsløsning',
      time: 'Tidspunkt',
      date: 'Bokføringsdato',
      type: 'Type',
      amount: 'Beløp',
      balance: 'Balanse',
      fee: 'Gebyr',
      net: 'Nettobeløp',
      currency: 'Valuta',
      name: 'Kundens navn',
      phone: 'Kundens telefonnummer',
      message: 'Melding',
      category: 'Kategori',
      psp: 'PSP-referanse',
      reference: 'Ordre-ID/Referanse',
      payout: 'Utbetalingsnummer',
      account: 'Bankkonto for utbetaling',
      payoutDate: 'Planlagt utbetalingsdato',
    },
    types: {
      capture: 'Belastning',
      'fees-retained': 'Gebyrer fratrukket',
      'payout-scheduled': 'Utbetaling planlagt',
    },
  },
];

/** What to do about a report whose headings are not known. */
export const knownHeadings: string = `known headings of a portal report are ${portalLanguages
  .map(({ name, columns }) => `in ${name} ${Object.values(columns).join(', ')}`)
  .join('; ')}; say under source.imports.words in the config what those of another language mean`;

const columnNames: ReadonlyMap<string, PortalColumn> = new Map(
  portalLanguages.flatMap(({ columns }) =>
    Object.entries(columns).map(([column, name]) => [plain(name), column as PortalColumn] as const),
  ),
);

const typeNames: ReadonlyMap<string, string> = new Map(
  portalLanguages.flatMap(({ types }) => Object.entries(types).map(([type, word]) => [plain(word), type] as const)),
);

/** The column of a heading in any language that is known; `own` are words that the config gives. */
export function portalColumnOf(heading: string, own: OwnWords = {}): PortalColumn | undefined {
  return columnNames.get(plain(heading)) ?? (meaningOf(heading, own) as PortalColumn | undefined);
}

/** The type of a row by the word it has in any language that is known, or that the config gives. */
export function portalTypeOf(word: string, own: OwnWords = {}): string | undefined {
  return typeNames.get(plain(word)) ?? meaningOf(word, own);
}

/** Words of a language that is not known here, and what they mean: `{ Beløb: 'amount' }`. */
export type OwnWords = Readonly<Record<string, string>>;

function meaningOf(word: string, own: OwnWords): string | undefined {
  return Object.entries(own).find(([said]) => plain(said) === plain(word))?.[1];
}

/** The language that a row of headings is in, as far as it is known; one that the config gives the words of is the first's. */
export function portalLanguageOf(headings: readonly string[], own: OwnWords = {}): PortalLanguage | undefined {
  const said = new Set(headings.map(plain));
  const given = headings.filter((heading) => meaningOf(heading, own) !== undefined).length;
  const counted = portalLanguages.map((language) => {
    const known = Object.values(language.columns).filter((name) => said.has(plain(name))).length;
    return { language, known: known + given };
  });
  const best = counted.reduce((most, next) => (next.known > most.known ? next : most));
  return best.known >= fewestHeadings ? best.language : undefined;
}

/** By fewer, another provider's report could be taken for one of these. */
const fewestHeadings = 6;

function plain(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}
