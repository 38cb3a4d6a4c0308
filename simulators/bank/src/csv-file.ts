import { formatAmount, negate, type Amount, type PlainDate } from '@bilag/core';
import { bankDays, statementsOf, type BankAccountOptions, type BankEntry } from './bank-account.ts';
import type { BankFile } from './camt-file.ts';

/** The layouts of Norwegian banks, by what sets them apart. */
export type CsvLayout = 'accounts' | 'archive-references' | 'counterparties' | 'balances';

/** Writes an account's rows as the CSV of a Norwegian bank: semicolons, a byte order mark, decimal commas, dd.mm.yyyy. */
export function bankCsvFiles(
  account: BankAccountOptions,
  { layout, per = 'month' }: { readonly layout: CsvLayout; readonly per?: 'day' | 'month' },
): readonly BankFile[] {
  const statements = statementsOf(bankDays(account), per);
  return statements.map((days) => {
    let balance: number = days[0]?.opening ?? 0;
    const rows = days
      .flatMap(({ entries }) => entries)
      .map((entry) => {
        balance += entry.amount;
        return cellsOf(entry, account, balance as Amount)[layout];
      });
    const text = [headers[layout], ...rows.map((cells) => cells.map(quoted).join(';'))].join('\r\n');
    return { name: `bank-${account.number}-${days[0]?.date}.csv`, bytes: Buffer.from(`\uFEFF${text}\r\n`) };
  });
}

const headers: Readonly<Record<CsvLayout, string>> = {
  accounts:
    'Bokført;Transaksjonsdato;Rentedato;Kategori;Type;Beskrivelse;Melding;Beløp (NOK);Beløp (valuta);Valuta;Vekslingskurs;Arkivref.;Fra konto;Til konto;Kreditornavn;Debitornavn',
  'archive-references': 'Dato;Forklaring;Rentedato;Ut av konto;Inn på konto;KID;Arkivref',
  counterparties: 'Dato;Forklaring;Beløp;KID;Motpart',
  balances: 'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID',
};

function cellsOf(
  entry: BankEntry,
  { number, currency }: BankAccountOptions,
  balance: Amount,
): Readonly<Record<CsvLayout, readonly string[]>> {
  const { amount, text, reference, counterparty = '' } = entry;
  const date = dayOf(entry.on);
  const isOut = amount < 0;
  const out = isOut ? decimal(negate(amount)) : '';
  const into = isOut ? '' : decimal(amount);
  const own = [isOut ? number : '', isOut ? '' : number];
  const names = [isOut ? counterparty : '', isOut ? '' : counterparty];
  return {
    accounts: [
      date,
      date,
      date,
      isOut ? 'Utbetaling' : 'Innbetaling',
      'OVERFØRSEL',
      text,
      '',
      whole(amount),
      whole(amount),
      currency,
      '1',
      reference,
      ...own,
      ...names,
    ],
    'archive-references': [date, text, date, out, into, '', reference],
    counterparties: [date, text, decimal(amount), '', counterparty],
    balances: [date, text, out, into, decimal(balance), ''],
  };
}

function dayOf(date: PlainDate): string {
  return date.split('-').toReversed().join('.');
}

function decimal(value: Amount): string {
  return formatAmount(value).replace('.', ',');
}

/** Whole kroner without decimals, as such a file has them. */
function whole(value: Amount): string {
  return decimal(value).replace(/,00$/, '');
}

function quoted(cell: string): string {
  return /[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
