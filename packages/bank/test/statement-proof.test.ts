import { amount, type Amount } from '@bilag/core';
import { camt053Files, camt054Files, bankCsvFiles, type BankFile } from '@bilag/simulator-bank';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOfStatements, proveStatements } from '../src/index.ts';
import type { ProvedStatements } from '../src/statement/prove-statements.ts';
import { credit, march, on, read, textOf } from './bank-samples.ts';

const account = march([credit('2026-03-04', 15000, textOf(2000045)), credit('2026-03-06', -700, 'Gebyr')]);

function changed(files: readonly BankFile[], name: string, change: (xml: string) => string): readonly BankFile[] {
  return files.map((file) =>
    file.name.includes(name) ? { ...file, bytes: Buffer.from(change(Buffer.from(file.bytes).toString())) } : file,
  );
}

async function proofOf(files: readonly BankFile[]): Promise<ProvedStatements> {
  return proveStatements(await read(files));
}

describe('a statement proves itself', () => {
  const files = camt053Files(account, { version: '02' });

  test('whole statements have no findings', async () => {
    const { proved, findings } = await proofOf(files);
    expect(findings).toEqual([]);
    expect(proved).toHaveLength(30);
  });

  test.for([
    [
      'an entry of another amount',
      (xml: string) =>
        xml.replace(
          '<Amt Ccy="NOK">150.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>',
          '<Amt Ccy="NOK">150.27</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>',
        ),
    ],
    ['an entry that is not there', (xml: string) => xml.replace(/<Ntry>.*<\/Ntry>/, '')],
    ['an entry that is there twice', (xml: string) => xml.replace(/(<Ntry>.*<\/Ntry>)/, '$1$1')],
    ['another number of entries than the bank counts', (xml: string) => xml.replace(/<NbOfNtries>1/, '<NbOfNtries>2')],
    ['a closing balance that is not told', (xml: string) => xml.replace('CLBD', 'CLAV')],
  ] as const)('%s leaves the statement out, and it is named', async ([, change]) => {
    const { proved, findings } = await proofOf(changed(files, '2026-03-04', change));
    expect(findings[0]).toMatchObject({ code: 'statement-differs', severity: 'error', date: '2026-03-04' });
    expect(proved.some(({ period }) => period?.from === '2026-03-04')).toBe(false);
    expect(linesOfStatements(proved).lines.map(({ date }) => date)).toEqual(['2026-03-06']);
  });

  test('a broken statement that comes again whole is wrong no more', async () => {
    const broken = changed(files, '2026-03-04', (xml) => xml.replace(/<Ntry>.*<\/Ntry>/, ''));
    const [bad] = broken.filter(({ name }) => name.includes('2026-03-04'));
    const { proved, findings } = await proofOf([...(bad === undefined ? [] : [bad]), ...files]);
    expect(findings).toMatchObject([{ code: 'statement-replaced', severity: 'info', date: '2026-03-04' }]);
    expect(proved).toHaveLength(30);
  });

  test('a hole in the numbers is named, with equal balances too', async () => {
    const without = files.filter(({ name }) => !name.includes('2026-03-10'));
    const { findings } = await proofOf(without);
    expect(findings).toMatchObject([
      { code: 'statement-missing', message: 'number 10 comes after 8: the numbers between them are missing' },
    ]);
  });

  test('numbers that begin anew in January are no hole', async () => {
    const year = march([], { from: on('2025-12-30'), to: on('2026-01-02') });
    const anew = camt053Files(year, { version: '02' }).map((file) => ({
      ...file,
      bytes: Buffer.from(
        Buffer.from(file.bytes).toString().replace('SeqNb>3<', 'SeqNb>1<').replace('SeqNb>4<', 'SeqNb>2<'),
      ),
    }));
    expect((await proofOf(anew)).findings).toEqual([]);
  });

  test('a page that is missing leaves the others out', async () => {
    const paged =
      (number: number, last: boolean) =>
      (xml: string): string =>
        xml.replace(
          '</Id><ElctrncSeqNb>',
          `</Id><StmtPgntn><PgNb>${number}</PgNb><LastPgInd>${last}</LastPgInd></StmtPgntn><ElctrncSeqNb>`,
        );
    const [whole] = camt053Files(account, { version: '08', per: 'month' });
    const only = changed(whole === undefined ? [] : [whole], '', paged(1, false));
    expect((await proofOf(only)).findings).toMatchObject([{ code: 'statement-page-missing', severity: 'error' }]);
    expect((await proofOf(only)).proved).toEqual([]);
  });

  test('two pages are one statement', async () => {
    const [whole] = camt053Files(account, { version: '08', per: 'month' });
    const xml = Buffer.from(whole?.bytes ?? '').toString();
    const entries = xml.match(/<Ntry>.*?<\/Ntry>/g) ?? [];
    const page = (number: number, content: string): BankFile => ({
      name: `page-${number}.xml`,
      bytes: Buffer.from(
        content.replace(
          '</Id><ElctrncSeqNb>',
          `</Id><StmtPgntn><PgNb>${number}</PgNb><LastPgInd>${number === 2}</LastPgInd></StmtPgntn><ElctrncSeqNb>`,
        ),
      ),
    });
    const first = page(1, xml.replace(entries[1] ?? '', '').replace(/<Bal>(?:(?!<Bal>).)*CLBD.*?<\/Bal>/, ''));
    const second = page(
      2,
      xml
        .replace(entries[0] ?? '', '')
        .replace(/<Bal>(?:(?!<Bal>).)*OPBD.*?<\/Bal>/, '')
        .replace(/<TxsSummry>.*<\/TxsSummry>/, ''),
    );
    const { proved, findings } = await proofOf([second, first]);
    expect(findings).toEqual([]);
    expect(proved.map(({ lines, closing }) => [lines.length, closing])).toEqual([[2, 114_300]]);
  });

  test('an account that comes as camt.053 and as CSV is booked once', async () => {
    const { proved, findings } = await proofOf([...files, ...bankCsvFiles(account, { layout: 'balances' })]);
    expect(findings).toMatchObject([{ code: 'statement-other-kind', severity: 'warning' }]);
    expect(linesOfStatements(proved).lines).toHaveLength(2);
  });

  test('notifications alone prove nothing and book nothing', async () => {
    const { proved, findings } = await proofOf(camt054Files(account, { version: '02' }));
    expect(findings).toMatchObject([{ code: 'statement-other-kind', action: 'import camt.053 of the account' }]);
    expect(linesOfStatements(proved).lines).toEqual([]);
  });

  test('the same days told otherwise are not believed', async () => {
    const month = camt053Files(account, { version: '08', per: 'month' });
    const other = month.map((file) => ({
      ...file,
      bytes: Buffer.from(Buffer.from(file.bytes).toString().replaceAll('Vippsnr', 'VIPPSNR')),
    }));
    const { findings, proved } = await proofOf([...files, ...other]);
    expect(findings).toMatchObject([{ code: 'statement-disagrees', severity: 'error' }]);
    expect(linesOfStatements(proved).lines.map(({ amount: value }) => value)).toEqual([15000, -700]);
  });
});

test('whatever files an account comes in, in whatever order, its lines and ids are the same', async () => {
  const row = fc.record({
    day: fc.integer({ min: 2, max: 9 }),
    value: fc.integer({ min: -3, max: 3 }).filter((value) => value !== 0),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 8 }),
      fc.boolean(),
      fc.boolean(),
      async (rows, isBackwards, hasMonth) => {
        const payments = rows.map(({ day, value }) => credit(`2026-03-0${day}`, value, 'Kaffe'));
        const made = march(payments, { to: on('2026-03-10') });
        const days = camt053Files(made, { version: '02' });
        const month = hasMonth ? camt053Files(made, { version: '02', per: 'month' }) : [];
        const files = [...month, ...days, ...days.slice(2, 5)];
        const once = linesOfStatements((await proofOf(days)).proved).lines;
        const { proved } = await proofOf(isBackwards ? files.toReversed() : files);
        const { lines, accounts } = linesOfStatements(proved);
        expect(lines.map(({ id }) => id)).toEqual(once.map(({ id }) => id));
        expect(new Set(lines.map(({ id }) => id)).size).toBe(rows.length);
        const total = lines.reduce<Amount>((sum, line) => amount(sum + line.amount), amount(0));
        expect(accounts[0]).toMatchObject({ opening: 100_000, closing: 100_000 + total });
      },
    ),
    { numRuns: 40 },
  );
});
