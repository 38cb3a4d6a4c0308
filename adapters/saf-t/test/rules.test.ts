// oxlint-disable vitest/no-standalone-expect -- what testWithShared and testWithTool return is a test
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { check, readGroupingList } from '@bilag/saf-t';
import { sharedPath, testWithShared } from '../../../test/support.ts';
import { config, renderOne, richBook, richConfig } from './books.ts';
import { findingsIn } from './schemas.ts';

/** A file with everything, clean before each test breaks one thing in it. */
const clean = await renderOne(richBook(), config(richConfig));

/** Replaces a text that occurs exactly once, so that a test breaks what it says it breaks. */
function replace(text: string, from: string, to: string): string {
  const parts = text.split(from);
  expect(parts, `"${from}" occurs once`).toHaveLength(2);
  return parts.join(to);
}

/** Replaces a text in the part of the file that starts with a text that occurs once, at its first occurrence there. */
function replaceAfter(text: string, start: string, from: string, to: string): string {
  const [before, after, ...rest] = text.split(start);
  expect(rest, `"${start}" occurs once`).toEqual([]);
  expect(after).toContain(from);
  return `${before}${start}${after?.replace(from, to)}`;
}

async function rulesBroken(text: string): Promise<readonly string[]> {
  const findings = await findingsIn({ name: 'other.xml', text });
  return [...new Set(findings.map(({ code }) => code))];
}

const sale = '<TransactionID>302321-20250115</TransactionID>';
const last = '<TransactionID>302321-20251231</TransactionID>';
const fee = '<TransactionID>302321-20250301</TransactionID>';

test('the file is clean before anything is broken', async () => {
  expect(await findingsIn({ name: 'other.xml', text: clean })).toEqual([]);
});

describe('each rule broken once is named, and no other', () => {
  test.each<[string, string, (text: string) => string]>([
    [
      'SAFT-01',
      'two vouchers that make up for each other do not balance',
      (text) =>
        replaceAfter(
          replaceAfter(text, sale, '<Amount>125.00</Amount>', '<Amount>126.01</Amount>'),
          last,
          '<DebitAmount>\n            <Amount>0.01</Amount>\n          </DebitAmount>',
          '<CreditAmount>\n            <Amount>1.00</Amount>\n          </CreditAmount>',
        )
          .replace(/(?<=<TotalDebit>)[\d.]+/, (total) => (Number(total) + 1).toFixed(2))
          .replace(/(?<=<TotalCredit>)[\d.]+/, (total) => (Number(total) + 1).toFixed(2)),
    ],
    [
      'SAFT-02',
      'one transaction too many is announced',
      (text) => text.replace('<NumberOfEntries>7', '<NumberOfEntries>8'),
    ],
    [
      'SAFT-02',
      'the debit total is another',
      (text) => text.replace(/(?<=<TotalDebit>)[\d.]+/, (total) => (Number(total) + 0.01).toFixed(2)),
    ],
    [
      'SAFT-03',
      'two closing balances are off by as much',
      (text) =>
        text
          .replace(/(?<=<ClosingDebitBalance>)3\.00/, '4.00')
          .replace(/(?<=<ClosingCreditBalance>)1000\.00/, '1001.00'),
    ],
    [
      'SAFT-04',
      'an account has a balance that no other holds against it',
      (text) =>
        replaceAfter(text, '<AccountID>2050</AccountID>', '>1000.00</OpeningCredit', '>1000.01</OpeningCredit').replace(
          '>1000.00</ClosingCredit',
          '>1000.01</ClosingCredit',
        ),
    ],
    [
      'SAFT-05',
      'a line names a supplier that is not listed',
      (text) => replaceAfter(text, fee, '<SupplierID>VIPPS<', '<SupplierID>OTHER<'),
    ],
    [
      'SAFT-05',
      'a line names a tax code that is not listed',
      (text) => replaceAfter(text, sale, '<TaxCode>3<', '<TaxCode>4<'),
    ],
    [
      'SAFT-05',
      'a line names an analysis that is not listed',
      (text) =>
        replaceAfter(
          text,
          sale,
          '<AnalysisID>10<',
          '<AnalysisID>10</AnalysisID></Analysis><Analysis><AnalysisType>A</AnalysisType><AnalysisID>11<',
        ),
    ],
    [
      'SAFT-05',
      'a bank account names a ledger account that is not listed',
      (text) => text.replace('<GeneralLedgerAccountID>1920<', '<GeneralLedgerAccountID>1921<'),
    ],
    [
      'SAFT-05',
      'an analysis is linked with one that is not listed',
      (text) =>
        text.replace(
          '</AnalysisIDDescription>',
          '$&<Analysis><AnalysisType>A</AnalysisType><AnalysisID>77</AnalysisID></Analysis>',
        ),
    ],
    [
      'SAFT-06',
      'two transactions have one number',
      (text) => replace(text, '<TransactionID>302321-20250228.R2<', '<TransactionID>302321-20250301<'),
    ],
    [
      'SAFT-06',
      'two lines of a transaction have one number',
      (text) => replaceAfter(text, sale, '<RecordID>2<', '<RecordID>1<'),
    ],
    ['SAFT-06', 'two journals have one id', (text) => replace(text, '<JournalID>FAKTURA<', '<JournalID>VIPPS<')],
    [
      'SAFT-06',
      'an account is listed twice',
      (text) =>
        text.replace(/<Account>\n[^]*?<AccountID>3200[^]*?<\/Account>/, (account) => account + emptied(account)),
    ],
    [
      'SAFT-06',
      'a tax code is listed twice for the same date',
      (text) => text.replace(/<TaxCodeDetails>[^]*?<\/TaxCodeDetails>/, (details) => details + details),
    ],
    [
      'SAFT-07',
      'an analysis is listed that nothing uses',
      (text) =>
        text.replace(
          /<AnalysisTypeTableEntry>[^]*?<\/AnalysisTypeTableEntry>/,
          (entry) => entry + entry.replace('>10<', '>12<'),
        ),
    ],
    ['SAFT-08', 'a reference has 36 characters', (text) => replace(text, 'r'.repeat(35), 'r'.repeat(36))],
    [
      'SAFT-08',
      'a description has 129 characters of two units each',
      (text) => replace(text, `<Description>${'\u{1F600}'.repeat(128)}<`, `<Description>${'\u{1F600}'.repeat(129)}<`),
    ],
    [
      'SAFT-09',
      'a transaction is dated after the selected period',
      (text) => text.replaceAll('>2025-12-31</T', '>2026-01-01</T').replaceAll('>2025-12-31</GL', '>2026-01-01</GL'),
    ],
    [
      'SAFT-09',
      'the file covers three years',
      (text) => replace(text, '<SelectionStartDate>2025', '<SelectionStartDate>2023'),
    ],
    [
      'SAFT-09',
      'a transaction is dated in another month than its period',
      (text) => replaceAfter(text, sale, '<Period>1<', '<Period>7<'),
    ],
    [
      'SAFT-09',
      'a transaction is in the period of another year',
      (text) => replaceAfter(text, sale, '<PeriodYear>2025<', '<PeriodYear>2024<'),
    ],
    ['SAFT-10', 'an amount is not its amount in another currency', (text) => inEuros(text, '12.00', '10.00')],
    ['SAFT-10', 'an amount in another currency is negative', (text) => inEuros(text, '-12.50', '10.00')],
    [
      'SAFT-10',
      'an amount in the currency of the books is another there',
      (text) => inEuros(text, '12.50', '').replace('>EUR<', '>NOK<'),
    ],
    [
      'SAFT-10',
      'an amount is negative',
      (text) =>
        replaceAfter(
          text,
          fee,
          '<DebitAmount>\n            <Amount>3.00</Amount>\n          </DebitAmount>',
          '<CreditAmount>\n            <Amount>-3.00</Amount>\n          </CreditAmount>',
        )
          .replace(/(?<=<TotalDebit>)[\d.]+/, (total) => (Number(total) - 3).toFixed(2))
          .replace(/(?<=<TotalCredit>)[\d.]+/, (total) => (Number(total) - 3).toFixed(2)),
    ],
    [
      'SAFT-11',
      'the tax is not the percentage of its base',
      (text) => replaceAfter(text, sale, '<TaxPercentage>25<', '<TaxPercentage>15<'),
    ],
    ['SAFT-11', 'a tax code stands without its type', (text) => replaceAfter(text, sale, '<TaxType>MVA</TaxType>', '')],
    [
      'SAFT-11',
      'a standard tax code does not exist',
      (text) => replace(text, '<StandardTaxCode>86<', '<StandardTaxCode>99<'),
    ],
    [
      'SAFT-13',
      'the company charges VAT without being registered',
      (text) => text.replace(/<TaxRegistration>[^]*?<\/TaxRegistration>/, ''),
    ],
    ['SAFT-14', 'an account has no grouping code', (text) => text.replace('<GroupingCode>2050</GroupingCode>', '')],
    [
      'SAFT-14',
      'a grouping category is written in another case',
      (text) => text.replace('>egenkapital<', '>Egenkapital<'),
    ],
    [
      'SAFT-15',
      'the file declares another encoding',
      (text) => replace(text, 'encoding="UTF-8"', 'encoding="ISO-8859-1"'),
    ],
    [
      'SAFT-16',
      'the suppliers do not add up to their account',
      (text) =>
        replaceAfter(
          text,
          '<SupplierID>VIPPS</SupplierID>\n        <BalanceAccount>',
          '>73.00</ClosingCredit',
          '>74.00</ClosingCredit',
        ),
    ],
  ])('%s: %s', async (rule, _, mutate) => {
    const broken = mutate(clean);
    expect(broken).not.toBe(clean);
    expect(await rulesBroken(broken)).toEqual([rule]);
  });

  test('SAFT-15: the bytes are not UTF-8', async () => {
    const content = [Buffer.from(clean.replace('Fjellbutikken', 'Fjøs'), 'latin1')];
    const findings = await Array.fromAsync(check({ name: 'latin1.xml', content }));
    expect(findings.map(({ code }) => code)).toEqual(['SAFT-15']);
  });

  testWithShared('SAFT-14: a code is not in the list for the income year', async () => {
    const path = sharedPath('spec/saft-no/grouping-codes-naeringsspesifikasjon-2025-2026.csv');
    const groupings = readGroupingList(readFileSync(path, 'utf8'));
    const file = { name: 'other.xml', text: clean };
    expect(await findingsIn(file, { groupings })).toEqual([]);
    const broken = { ...file, text: replace(clean, '<GroupingCode>7700<', '<GroupingCode>7777<') };
    const codes = (await findingsIn(broken, { groupings })).map(({ code }) => code);
    expect(codes).toEqual(['SAFT-14']);
  });
});

test('a finding says where and what to do', async () => {
  const text = replaceAfter(clean, fee, '<SupplierID>VIPPS<', '<SupplierID>OTHER<');
  const [finding] = await findingsIn({ name: 'other.xml', text });
  expect(finding).toEqual({
    code: 'SAFT-05',
    severity: 'error',
    message: 'supplier OTHER is not in the master files',
    where: expect.stringMatching(/^Journal VIPPS\/Transaction 302321-20250301\/Line 2, line \d+$/),
    action: 'list it in Suppliers, or name another',
  });
});

test('a rule that is broken a hundred times is told twenty times, and counted', async () => {
  const text = clean.replace(/<\/Journal>/, (end) => {
    const [transaction = ''] = /<Transaction>[^]*?<\/Transaction>/.exec(clean) ?? [];
    return transaction.repeat(100) + end;
  });
  const findings = (await findingsIn({ name: 'other.xml', text })).filter(({ code }) => code === 'SAFT-06');
  expect(findings).toHaveLength(21);
  expect(findings.at(-1)?.message).toMatch(/^80 more of this rule/);
});

describe('what is right stays without findings', () => {
  test.each<[string, (text: string) => string]>([
    ['an amount in another currency', (text) => inEuros(text, '12.50', '10')],
    ['a rate that was rounded', (text) => inEuros(text, '12.99', '9.62279')],
    ['a rate left out', (text) => inEuros(text, '12.99', '')],
    [
      'a late voucher, posted in the period it was entered in',
      (text) => replaceAfter(text, fee, '<TransactionDate>2025-03-01<', '<TransactionDate>2025-02-27<'),
    ],
  ])('%s', async (_, mutate) => {
    const changed = mutate(clean);
    expect(changed).not.toBe(clean);
    expect(await rulesBroken(changed)).toEqual([]);
  });
});

/** The first line of 125.00 kroner, in euros at a rate. */
function inEuros(text: string, euros: string, rate: string): string {
  const written = rate === '' ? '' : `<ExchangeRate>${rate}</ExchangeRate>`;
  const currency = `<CurrencyCode>EUR</CurrencyCode><CurrencyAmount>${euros}</CurrencyAmount>${written}`;
  return replaceAfter(text, sale, '<Amount>125.00</Amount>', `<Amount>125.00</Amount>${currency}`);
}

/** An account as it would be listed a second time, without balances. */
function emptied(account: string): string {
  return account.replaceAll(/(?<=Balance>)[\d.]+/g, '0.00');
}
