import { readFileSync } from 'node:fs';
import type { LedgerDate } from '@bilag/core';
import { expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { imported, type Imported } from './imported.ts';

/** A sample as it is imported. */
async function readSample(name: string): Promise<Imported> {
  return imported(readFileSync(sharedPath(`spec/vipps/${name}`)));
}

/** What the entries of a type come to, and how many they are. */
function total(
  dates: readonly LedgerDate[],
  type: string,
  account = 'funds',
): readonly [count: number, amount: number] {
  const entries = dates.flatMap((date) =>
    date.entries.filter((entry) => entry.type === type && entry.account === account),
  );
  return [entries.length, entries.reduce((sofar, { amount }) => sofar + amount, 0)];
}

function payouts(dates: readonly LedgerDate[]): readonly string[] {
  return dates.flatMap((date) =>
    date.entries.flatMap(({ type, pspReference, amount, ledgerDate }) =>
      type === 'payout-scheduled' ? [`${ledgerDate} ${pspReference} ${amount}`] : [],
    ),
  );
}

function findings(dates: readonly LedgerDate[]): readonly string[] {
  return dates.flatMap((date) => (date.findings ?? []).map(({ severity, message }) => `${severity}: ${message}`));
}

describeWithShared('every settlement file of the vendor is read with the verdict of the reference', () => {
  test('XML 3.0, gross: captures, refunds and fees of three settlements; all sums and counts hold', async () => {
    const { kind, dates } = await readSample('settlement-files/Example-Gross.xml');
    expect(kind).toBe('settlement report 3.0, XML');
    expect(findings(dates)).toEqual([]);
    expect(total(dates, 'capture')[1] + total(dates, 'refund')[1]).toBe(81960 + 9270 + 1530);
    expect(total(dates, 'capture-fee', 'fees')[1]).toBe(-9204 - 1464 - 181);
    expect(total(dates, 'fees-retained')).toEqual([0, 0]);
    expect(payouts(dates)).toEqual([
      '2018-02-20 100297-2000001 -81960',
      '2018-02-28 100297-2000002 -9270',
      '2018-03-01 100297-2000003 -1530',
    ]);
  });

  test('XML 3.0, net: two settlements; all sums and counts hold', async () => {
    const { dates } = await readSample('settlement-files/Example-Net.xml');
    expect(findings(dates)).toEqual([]);
    expect(total(dates, 'refund')[1]).toBe(-4100 - 4600);
    expect(payouts(dates).map((text) => text.split(' ').at(-1))).toEqual(['-1500', '-200']);
  });

  test('CSV of 2021: what is paid is recomputed; its comma, its forgotten refund and its other ids are told', async () => {
    const { kind, dates } = await readSample('settlement-files/settlement-report.csv');
    expect(kind).toBe('settlement report of 2021, CSV');
    expect(payouts(dates)).toEqual(['2021-04-10 595976-2000720 -1496062']);
    expect(total(dates, 'capture')).toEqual([6, 1651171]);
    expect(total(dates, 'refund')).toEqual([1, -149000]);
    expect(total(dates, 'fees-retained')[1]).toBe(-6109);
    expect(findings(dates)).toEqual([
      'info: net says 0.00, and the row comes to -1490.00',
      expect.stringMatching(/^warning: settlement 2000720 an amount has a decimal comma/),
      expect.stringMatching(/^warning: settlement 2000720 the summary is of sales unit 513428, settlement 2000001/),
      'warning: net says 16450,62, and the rows come to 14960.62: it leaves the refunds out',
    ]);
  });

  test('XLSX of 2019: two sales units, four settlements; all of them hold', async () => {
    const { kind, dates } = await readSample('settlement-files/vipps-settlement-example.xlsx');
    expect(kind).toContain('XLSX');
    expect(findings(dates)).toEqual([]);
    expect(payouts(dates).toSorted()).toEqual([
      '2019-12-01 2142-2000461 -548645',
      '2019-12-01 575598-2000010 -971210',
      '2019-12-08 2142-2000462 -566177',
      '2019-12-08 575598-2000011 -856950',
    ]);
    expect(JSON.stringify(dates)).not.toMatch(/Kari|Normann|Julehilsen/);
  });

  test('the report of the portal of 2026: balances hold, and nothing about customers is kept', async () => {
    const { kind, dates } = await readSample('examples/portal-settlement-report-2026.csv');
    expect(kind).toBe('portal report, CSV');
    expect(findings(dates)).toEqual([]);
    expect(
      dates.map(({ ledgerId, date, accounts, entries }) => [ledgerId, date, accounts.funds, entries.length]),
    ).toEqual([
      ['1111805', '2026-08-22', { closed: true }, 1],
      ['1111805', '2026-08-31', { closed: true }, 0],
      ['21630', '2026-08-31', { closed: true }, 3],
    ]);
    expect(payouts(dates)).toEqual(['2026-08-31 21630-2000400 -393000']);
    expect(JSON.stringify(dates)).not.toMatch(/Nordmann|8586|Message/);
  });
});
