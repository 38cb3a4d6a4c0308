import { bankCsvFiles, type CsvLayout } from '@bilag/simulator-bank';
import { describe, expect, test } from 'vitest';
import { proveStatements, readBankCsv, readBankFile } from '../src/index.ts';
import { credit, march, ownAccount, payout, matchLines, linesIn, read, shown, textOf } from './bank-samples.ts';

const layouts: readonly CsvLayout[] = ['accounts', 'archive-references', 'counterparties', 'balances'];
const payments = [
  credit('2026-03-04', 157_200, textOf(2000045)),
  credit('2026-03-04', -7350, 'Kjøp; "Bød"', { counterparty: 'Ås & Sønn' }),
  credit('2026-03-05', 990, textOf(2000046)),
];

async function csv(text: string, account?: string): Promise<ReturnType<typeof readBankCsv>> {
  return readBankCsv(Buffer.from(text), 'bank.csv', { account });
}

describe('the CSV of a Norwegian bank', () => {
  test.for(layouts)('in the layout with %s its rows are read', async (layout) => {
    const [statement] = await read(bankCsvFiles(march(payments), { layout }));
    expect(statement).toMatchObject({ format: 'bank-csv', account: ownAccount, currency: 'NOK' });
    expect(statement?.lines.map(({ date, amount, texts }) => [date, amount, texts[0]])).toEqual([
      ['2026-03-04', 157_200, textOf(2000045)],
      ['2026-03-04', -7350, 'Kjøp; "Bød"'],
      ['2026-03-05', 990, textOf(2000046)],
    ]);
  });

  test.for(layouts)('in the layout with %s its payouts are matched', async (layout) => {
    const lines = await linesIn(bankCsvFiles(march(payments), { layout }));
    const matching = matchLines([payout(2000045, 157_200), payout(2000046, 990)], lines);
    expect(shown(matching).filter((line) => line.includes('matched'))).toHaveLength(2);
  });

  test('the newest row may come first: the balances tell', async () => {
    const head = 'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID';
    const rows = ['05.03.2026;b;50,00;;1 050,00;', '04.03.2026;a;;100,00;1 100,00;'];
    const [backwards] = await csv([head, ...rows].join('\n'), ownAccount);
    expect(backwards).toMatchObject({ opening: 100_000, closing: 105_000 });
    expect(proveStatements([...(await csv([head, ...rows].join('\n'), ownAccount))]).findings).toEqual([]);
  });

  test('a row that is missing shows in the balances', async () => {
    const head = 'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID';
    const rows = ['04.03.2026;a;;100,00;1100,00;', '06.03.2026;c;;1,00;1051,00;'];
    const { proved, findings } = proveStatements(await csv([head, ...rows].join('\n'), ownAccount));
    expect(proved).toEqual([]);
    expect(findings).toMatchObject([{ code: 'statement-differs', amount: -5000 }]);
  });

  test('letters of Windows are read, and a byte order mark is left out', async () => {
    const text = 'Dato;Forklaring;Beløp;KID;Motpart\r\n04.03.2026;Kjøp;-1,5;;Åse\r\n';
    const [utf8, windows] = [Buffer.from(`\uFEFF${text}`), Buffer.from(text, 'latin1')];
    const [one] = await readBankFile(utf8, 'a.csv', { account: ownAccount });
    const [other] = await readBankFile(windows, 'a.csv', { account: ownAccount });
    expect(one?.lines).toEqual(other?.lines);
    expect(one?.lines[0]).toMatchObject({ amount: -150, texts: ['Kjøp'], parties: ['Åse'] });
  });

  test.for([
    ['an unknown header', 'Date;Text;Amount\n1;2;3', 'no bank CSV that is known'],
    ['no account', 'Dato;Forklaring;Beløp;KID;Motpart\n04.03.2026;a;1,00;;', 'which account this is'],
    [
      'an amount in both directions',
      'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID\n04.03.2026;a;1,00;1,00;1,00;',
      'both directions',
    ],
    ['a point that may be either', 'Dato;Forklaring;Beløp;KID;Motpart\n04.03.2026;a;1.572;;', 'not an amount'],
    ['a date that is none', 'Dato;Forklaring;Beløp;KID;Motpart\n31.02.2026;a;1,00;;', 'not a date'],
    ['a quote without an end', 'Dato;Forklaring;Beløp;KID;Motpart\n04.03.2026;"a;1,00;;', 'not closed'],
  ] as const)('%s is refused with its line', async ([what, text, why]) => {
    const account = what === 'no account' ? undefined : ownAccount;
    await expect(csv(text, account)).rejects.toThrow(why);
  });
});
