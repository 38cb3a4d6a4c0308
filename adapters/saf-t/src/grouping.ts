import { BilagError, type BookAccount, named } from '@bilag/core';

/** Where an account stands in the tax return: a category and a code of the list for the income year, or `NA`. */
export interface Grouping {
  readonly category: string;
  readonly code: string;
}

/** The list the built-in groupings are of: Skatteetaten, næringsspesifikasjon, income years 2025 and 2026. */
export const builtInList = '2025-2026';

/** The first day of the first accounting year that list is for: what came before had lists of its own. */
const builtInFrom = '2025-01-01';

/** Whether an accounting year that starts on a day has a list that is built in. */
export function hasGroupingList(yearStart: string): boolean {
  return yearStart >= builtInFrom;
}

/** The categories of that list; they are case-sensitive ASCII and not translated. */
export const groupingCategories: ReadonlySet<string> = new Set([
  'annenDriftsinntekt',
  'annenDriftskostnad',
  'balanseverdiForAnleggsmiddel',
  'balanseverdiForBankOgForsikringseiendel',
  'balanseverdiForOmloepsmiddel',
  'bankOgForsikringsinntekt',
  'bankOgForsikringsinntektEllerKostnadSomIkkeBlirOmklassifisertTilResultatet',
  'bankOgForsikringsinntektEllerKostnadSomKanBliOmklassifisertTilResultatet',
  'bankOgForsikringskostnad',
  'egenkapital',
  'endringIEgenkapitalInnenBankOgForsikring',
  'finansinntekt',
  'finanskostnad',
  'gjeldInnenBankOgForsikring',
  'kortsiktigGjeld',
  'langsiktigGjeld',
  'loennskostnad',
  'resultatDisponeringForSAF-T',
  'resultatkomponentForIFRSForetak',
  'salgsinntekt',
  'skattekostnad',
  'varekostnad',
]);

/** What the parts of a settlement usually are. An account without a role, or with another, has to be mapped. */
const byRole: Readonly<Record<string, Grouping>> = {
  clearing: { category: 'balanseverdiForOmloepsmiddel', code: '1570' },
  bank: { category: 'balanseverdiForOmloepsmiddel', code: '1920' },
  receivable: { category: 'balanseverdiForOmloepsmiddel', code: '1500' },
  vat: { category: 'kortsiktigGjeld', code: '2740' },
  payable: { category: 'kortsiktigGjeld', code: '2400' },
  fee: { category: 'annenDriftskostnad', code: '7700' },
};

/** Sales by the standard tax code of what is posted on the account: with VAT, zero-rated, outside the Act. */
const salesByTaxCode: Readonly<Record<string, string>> = {
  '3': '3000',
  '31': '3000',
  '32': '3000',
  '33': '3000',
  '5': '3100',
  '51': '3100',
  '52': '3100',
  '6': '3200',
};

/**
 * The grouping of an account: the merchant's own mapping first, else the built-in one for a role, or `NA` in a year whose
 * list is not built in. Undefined when it cannot be known; revenue is known by the tax codes used on it.
 */
export function groupingOf(
  account: BookAccount,
  mapped: Readonly<Record<string, Grouping>>,
  taxCodes: ReadonlySet<string>,
  hasList: boolean,
): Grouping | undefined {
  const own = named(mapped, account.number);
  if (own !== undefined) return own;
  const usual = usualGroupingOf(account, taxCodes);
  return usual === undefined || hasList ? usual : { category: 'NA', code: 'NA' };
}

function usualGroupingOf(account: BookAccount, taxCodes: ReadonlySet<string>): Grouping | undefined {
  if (account.role !== 'revenue') return account.role === undefined ? undefined : byRole[account.role];
  const codes = new Set([...taxCodes].map((code) => named(salesByTaxCode, code)));
  const [code] = codes;
  return codes.size === 1 && code !== undefined ? { category: 'salgsinntekt', code } : undefined;
}

/** The refusal for accounts that have no grouping: a wrong one would go into the tax return. */
export function missingGroupings(accounts: readonly BookAccount[]): BilagError {
  const list = accounts.map(({ number, role }) => (role === undefined ? number : `${number} (${role})`));
  return new BilagError('config', {
    what: `no grouping code for account${accounts.length === 1 ? '' : 's'} ${list.join(', ')}`,
    where: 'config.grouping.accounts',
    action:
      'add { "<account>": { "category": …, "code": … } } from the list for the income year; { "category": "NA", "code": "NA" } where nothing fits',
  });
}

/**
 * Reads a grouping list as Skatteetaten publishes it (`;`-separated, `GroupingCategory` and `GroupingCode` columns, with
 * or without a byte order mark) into `category/code` pairs, for {@link CheckOptions.groupings}.
 *
 * @example
 * ```ts
 * import { readGroupingList } from '@bilag/saf-t';
 *
 * readGroupingList('GroupingCategory;Text;GroupingCode\nsalgsinntekt;Sales;3000\n').has('salgsinntekt/3000'); // => true
 * ```
 */
export function readGroupingList(csv: string): ReadonlySet<string> {
  const [header = '', ...rows] = csv.replace(/^\uFEFF/, '').split(/\r?\n/);
  const columns = header.split(';').map((name) => name.trim());
  const category = columns.indexOf('GroupingCategory');
  const code = columns.indexOf('GroupingCode');
  if (category === -1 || code === -1) {
    throw new BilagError('config', {
      what: 'the grouping list has no columns GroupingCategory and GroupingCode',
      where: 'readGroupingList()',
      action: 'give the CSV file as published, with its first line',
    });
  }
  const pairs = rows.map((row) => row.split(';')).filter((cells) => (cells[category] ?? '') !== '');
  return new Set(pairs.map((cells) => `${cells[category]?.trim()}/${cells[code]?.trim()}`));
}
