import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { camt053Files, camt054Files, type CamtOptions } from '@bilag/simulator-bank';
import { describe, expect, test } from 'vitest';
import { describeWithShared, describeWithTool, sharedPath } from '../../../test/support.ts';
import { readCamt, type Statement } from '../src/index.ts';
import { credit, march, on, ownAccount, sender, textOf } from './bank-samples.ts';

const payments = [credit('2026-03-04', 15000, textOf(2000045)), credit('2026-03-05', -7300, 'Husleie')];

async function statementsIn(xml: string | Uint8Array): Promise<readonly Statement[]> {
  return Array.fromAsync(readCamt(typeof xml === 'string' ? Buffer.from(xml) : xml, 'file.xml'));
}

function statement(content: string, version = '02', message = 'camt.053'): string {
  const body = message === 'camt.053' ? 'BkToCstmrStmt' : 'BkToCstmrDbtCdtNtfctn';
  return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${message}.001.${version}"><${body}><GrpHdr><MsgId>1</MsgId></GrpHdr>${content}</${body}></Document>`;
}

const account = '<Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>';

function entry(content: string, value = '150.00'): string {
  return `<Stmt><Id>1</Id>${account}<Ntry><Amt Ccy="NOK">${value}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-03-04</Dt></BookgDt>${content}</Ntry></Stmt>`;
}

describe('a statement in camt.053', () => {
  test.for(['02', '08'] as const)(
    'version .%s is read: balances, numbers, entries and who sent them',
    async (version) => {
      const [file] = camt053Files(march(payments), { version, per: 'month', prefix: 'ns2' });
      const [read, ...more] = await statementsIn(file?.bytes ?? new Uint8Array());
      expect(more).toEqual([]);
      expect(read).toMatchObject({
        format: 'camt.053',
        account: ownAccount,
        currency: 'NOK',
        sequence: 1,
        period: { from: '2026-03-02', to: '2026-03-31' },
        opening: 100_000,
        closing: 107_700,
        claims: { count: 2, net: 7700, credits: { count: 1, sum: 15000 }, debits: { count: 1, sum: 7300 } },
      });
      expect(read?.lines).toMatchObject([
        {
          date: '2026-03-04',
          amount: 15000,
          status: 'booked',
          texts: [textOf(2000045)],
          parties: [sender],
          place: 'Ntry 1',
        },
        { date: '2026-03-05', amount: -7300, texts: ['Husleie'] },
      ]);
    },
  );

  test('a file of many accounts gives each, also those without entries', async () => {
    const other = '<Acct><Id><Othr><Id>1234.56.78911</Id></Othr></Id><Ccy>EUR</Ccy></Acct>';
    const balance = (code: string): string =>
      `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-03-04</Dt></Dt></Bal>`;
    const quiet = `<Stmt><Id>2</Id>${other}${balance('OPBD')}${balance('CLBD')}</Stmt>`;
    const read = await statementsIn(statement(entry('<Sts>BOOK</Sts>') + quiet));
    expect(read.map((each) => [each.account, each.currency, each.lines.length])).toEqual([
      [ownAccount, 'NOK', 1],
      ['12345678911', 'EUR', 0],
    ]);
    expect(read[1]).toMatchObject({ opening: 0, closing: 0 });
  });

  test('it may come in pieces of any size, with a byte order mark', async () => {
    const [file] = camt053Files(march(payments), { version: '08', per: 'month' });
    const bytes = Buffer.concat([Buffer.from('\uFEFF'), file?.bytes ?? new Uint8Array()]);
    const pieces = Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1));
    expect(await Array.fromAsync(readCamt(pieces, 'file.xml'))).toEqual(await statementsIn(bytes));
  });

  test('what is not booked yet is told apart, in both versions', async () => {
    const older = await statementsIn(statement(entry('<Sts>PDNG</Sts>')));
    const newer = await statementsIn(statement(entry('<Sts><Cd>INFO</Cd></Sts>'), '08'));
    expect([...older, ...newer].map(({ lines }) => lines[0]?.status)).toEqual(['other', 'other']);
  });

  test('a moment is the date as the bank writes it, in its own zone', async () => {
    const late = entry('<Sts>BOOK</Sts>').replace('<Dt>2026-03-04</Dt>', '<DtTm>2026-03-04T00:30:00+01:00</DtTm>');
    expect((await statementsIn(statement(late)))[0]?.lines[0]?.date).toBe('2026-03-04');
  });

  test('the details of a batch are added up, and their texts are all there', async () => {
    const detail = (value: string, text: string): string =>
      `<TxDtls><AmtDtls><TxAmt><Amt Ccy="NOK">${value}</Amt></TxAmt></AmtDtls><AddtlTxInf>${text}</AddtlTxInf></TxDtls>`;
    const batch = `<Sts>BOOK</Sts><NtryDtls>${detail('100.00', 'Utb. 1')}${detail('49.00', 'Utb. 2')}</NtryDtls>`;
    expect((await statementsIn(statement(entry(batch))))[0]?.lines[0]).toMatchObject({
      amount: 15000,
      detailSum: 14900,
      texts: ['Utb. 1', 'Utb. 2'],
    });
  });
});

describe('what is refused', () => {
  const refusal = async (xml: string | Uint8Array): Promise<string> =>
    statementsIn(xml).then(
      () => 'read',
      (error: Error) => error.message,
    );

  test.for([
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a/>', 'declares a document type'],
    ['an entity', statement(entry('<AddtlNtryInf>&x;</AddtlNtryInf>')), 'not well formed'],
    ['half a file', statement(entry('')).slice(0, 300), 'not well formed'],
    [
      'another message',
      statement('', '08', 'camt.052').replace('BkToCstmrDbtCdtNtfctn', 'X').replace('BkToCstmrDbtCdtNtfctn', 'X'),
      'camt.052.001.08',
    ],
    ['another version', statement('', '13'), 'camt.053.001.13'],
    ['three decimals', statement(entry('', '150.005')), 'not an amount of NOK'],
    ['a negative amount', statement(entry('', '-150.00')), 'not an amount of NOK'],
    ['an account that cannot be', statement(entry('').replace('NO93', 'NO94')), 'not a bank account'],
    ['elements that lie too deep', statement(entry('<X>'.repeat(50) + '</X>'.repeat(50))), 'too deep'],
    ['a text without an end', statement(entry(`<AddtlNtryInf>${'x'.repeat(20_000)}</AddtlNtryInf>`)), 'too long'],
    ['an encoding that is not read', `<?xml version="1.0" encoding="UTF-32"?>${statement('')}`, 'UTF-32'],
  ] as const)('%s', async ([, xml, why]) => {
    expect(await refusal(xml)).toContain(why);
  });

  test('five decimals are read when the last of them are nothing', async () => {
    expect((await statementsIn(statement(entry('', '150.00000'))))[0]?.lines[0]?.amount).toBe(15000);
  });

  test('bytes that are not what the prolog says', async () => {
    const bytes = Buffer.concat([
      Buffer.from(statement('').replace('</GrpHdr>', '</GrpHdr><!-- ')),
      Buffer.from([0xe6, 0x20, 0x2d, 0x2d, 0x3e]),
    ]);
    expect(await refusal(bytes)).toContain('not written in utf-8');
  });
});

describeWithShared('by the schemas of ISO 20022', () => {
  describeWithTool('xmllint')('the simulated bank', () => {
    test.for([
      { version: '02' },
      { version: '08' },
      { version: '02', textIn: 'two-Ustrd', prefix: 'ns2' },
      { version: '08', textIn: 'AddtlNtryInf', encoding: 'ISO-8859-1' },
    ] satisfies readonly CamtOptions[])('writes valid statements and notifications: %o', (options) => {
      const folder = mkdtempSync(join(tmpdir(), 'bilag-camt-'));
      try {
        const made = { ...march(payments, { otherRows: 4 }), to: on('2026-03-06') };
        for (const [message, files] of [
          ['camt.053', camt053Files(made, options)],
          ['camt.054', camt054Files(made, options)],
        ] as const) {
          const names = files.map(({ name, bytes }) => {
            writeFileSync(join(folder, name), bytes);
            return join(folder, name);
          });
          const schema = sharedPath(`spec/camt/${message}.001.${options.version}.xsd`);
          expect(() =>
            execFileSync('xmllint', ['--noout', '--schema', schema, ...names], { stdio: 'pipe' }),
          ).not.toThrow();
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
