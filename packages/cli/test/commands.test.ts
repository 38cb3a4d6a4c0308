import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainDate } from '@bilag/core';
import { generateMerchant, uneventful, type VippsSimulator } from '@bilag/simulator-vipps';
import { cafeConfig, clearBenches, contentsOf, createBench, keysOf, now, startSimulator, type Bench } from './bench.ts';

let simulator: VippsSimulator;

beforeAll(async () => void (simulator = await startSimulator()));
afterAll(async () => {
  await simulator.close();
  clearBenches();
});

/** A café that has fetched its week. */
async function fetchedCafe(): Promise<Bench> {
  const bench = createBench();
  bench.env = keysOf(simulator);
  bench.write('bilag.config.json', cafeConfig(simulator.url));
  expect(await bench.run('fetch', '--to', '2026-07-07')).toMatchObject({ code: 0, messages: '' });
  return bench;
}

describe('bilag ledgers', () => {
  test('lists what the keys can see', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const { code, out } = await bench.run('ledgers');
    expect(code).toBe(0);
    expect(out).toContain('302400  NOK       987654321  api:123455   Kafé');
    expect(out).not.toContain('302500');
  });

  test('as JSON', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const { out } = await bench.run('ledgers', '--json');
    expect(JSON.parse(out)).toMatchObject({
      companies: [{ company: 'kafe', ledgers: [{ ledgerId: '302400', currency: 'NOK' }] }],
    });
  });
});

describe('bilag fetch', () => {
  test('closed dates are fetched once, and the next run goes on after them', async () => {
    const bench = await fetchedCafe();
    const before = simulator.requests.length;
    const { code, out } = await bench.run('fetch', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      companies: [
        {
          company: 'kafe',
          ledgers: [{ from: '2026-07-08', to: '2026-07-08', fetched: 1, closedThrough: '2026-07-07' }],
        },
      ],
    });
    const asked = simulator.requests.slice(before).filter(({ path }) => path.includes('/dates/'));
    expect(asked.map(({ path }) => path.split('/').at(-1))).toEqual(['2026-07-08', '2026-07-08']);
  });

  test('a date that is still open is reported as open, and asked for again', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const evening = { now: () => new Date('2026-07-06T18:00:00Z') };
    await using early = await startSimulator(evening);
    bench.write('bilag.config.json', cafeConfig(early.url));
    const first = await bench.runIn(evening, 'fetch');
    expect(first.code).toBe(0);
    expect(first.out).toContain('open on ledger 302400: 2026-07-06; the provider may still add to them');

    bench.write('bilag.config.json', cafeConfig(simulator.url));
    const second = JSON.parse((await bench.run('fetch', '--to', '2026-07-07', '--json')).out) as object;
    expect(second).toMatchObject({
      companies: [{ ledgers: [{ from: '2026-07-06', fetched: 2, open: [], closedThrough: '2026-07-07' }] }],
    });
  });

  test('an interrupted run is gone on with: what is in the archive is not asked for again', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', cafeConfig(simulator.url));
    await bench.run('fetch', '--from', '2026-07-03', '--to', '2026-07-04');
    const { out } = await bench.run('fetch', '--to', '2026-07-07');
    expect(out).toMatch(/302400\s+NOK\s+2026-07-01 to 2026-07-07\s+5\s+2\s+0\s+2026-07-07/);
  });

  test("an accounting partner's keys see many ledgers; a company takes its own alone", async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    const source = {
      kind: 'vipps',
      keys: 'accounting-partner',
      credentials: 'env:PARTNER',
      baseUrl: simulator.url,
    } as const;
    bench.write('bilag.config.json', [
      cafeConfig(simulator.url, { source }),
      cafeConfig(simulator.url, { id: 'butikk', name: 'Butikk Eksempel AS', organisationNumber: '987654330', source }),
    ]);
    const { code, out } = await bench.run('fetch', '--to', '2026-07-02', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      companies: [
        { company: 'kafe', ledgers: [{ ledgerId: '302400' }] },
        { company: 'butikk', ledgers: [{ ledgerId: '302500' }] },
      ],
    });
    expect(existsSync(bench.path('archive', 'kafe', 'index.sqlite'))).toBe(true);
    expect(existsSync(bench.path('archive', 'butikk', 'index.sqlite'))).toBe(true);
  });

  test('one company of many, and one that fails does not keep the others from their turn', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    bench.write('bilag.config.json', [
      cafeConfig(simulator.url, {
        id: 'without-keys',
        source: { kind: 'vipps', keys: 'merchant', credentials: 'env:ABSENT' },
      }),
      cafeConfig(simulator.url),
    ]);
    const all = await bench.run('fetch', '--to', '2026-07-01', '--json');
    expect(all.code).toBe(2);
    expect(all.messages).toContain('company without-keys: error: ABSENT_CLIENT_ID');
    expect(JSON.parse(all.out)).toMatchObject({
      companies: [
        { company: 'without-keys', error: { kind: 'config' } },
        { company: 'kafe', ledgers: [{ fetched: 1 }] },
      ],
    });
    expect((await bench.run('fetch', '--to', '2026-07-01', '--company', 'kafe')).code).toBe(0);
  });
});

describe('bilag book', () => {
  test('shows vouchers, a trial balance, and the proof against the provider', async () => {
    const bench = await fetchedCafe();
    const { code, out } = await bench.run('book');
    expect(code).toBe(0);
    expect(out).toMatch(/2026-07-01 {2}302400-20260701 .* Vipps MobilePay 302400, 2026-07-01/);
    expect(out).toMatch(/1579 +Vipps MobilePay, til gode +0\.00/);
    expect(out).toContain(
      'proved: ledger 302400, clearing 0.00 = funds 0.00, fees payable 0.00 = fees 0.00; equal on 7 of 7 dates',
    );
    expect(out).toContain('6 vouchers; no findings');
  });

  test('as JSON: amounts in minor units, equal to what the merchant did', async () => {
    const bench = await fetchedCafe();
    const { out } = await bench.run('book', '--json');
    const { sales, feesCharged, payouts } = simulator.expected('302400');
    const { companies } = JSON.parse(out) as {
      companies: { vouchers: { lines: { amount: number }[] }[]; isBalanced: boolean }[];
    };
    expect(companies).toMatchObject([
      {
        company: 'kafe',
        isBalanced: true,
        ledgers: [{ totals: { captures: sales, fees: -feesCharged, payouts: -payouts }, isProved: true }],
      },
    ]);
    const [books] = companies;
    expect(books?.vouchers).toHaveLength(6);
    for (const { lines } of books?.vouchers ?? [])
      expect(lines.reduce((total, line) => total + line.amount, 0)).toBe(0);
  });

  test('a part of the period opens with what came before', async () => {
    const bench = await fetchedCafe();
    const { out } = await bench.run('book', '--from', '2026-07-03', '--until', '2026-07-04', '--json');
    const whole = await bench.run('book', '--to', '2026-07-02', '--json');
    const [part] = (
      JSON.parse(out) as { companies: { voucherCount: number; trialBalance: { account: string; opening: number }[] }[] }
    ).companies;
    const [before] = (
      JSON.parse(whole.out) as { companies: { trialBalance: { account: string; closing: number }[] }[] }
    ).companies;
    expect(part?.voucherCount).toBe(2);
    expect(part?.trialBalance.map(({ account, opening }) => [account, opening])).toEqual(
      before?.trialBalance.map(({ account, closing }) => [account, closing]),
    );
  });

  test('a period is its dates, and a year that of the accounts', async () => {
    const bench = await fetchedCafe();
    const totals = async (...range: string[]): Promise<unknown> => {
      const { out } = await bench.run('book', ...range, '--json');
      return (JSON.parse(out) as { companies: { trialBalance: unknown }[] }).companies[0]?.trialBalance;
    };
    const whole = await totals();
    expect(await totals('--period', '2026-07-03')).toEqual(await totals('--from', '2026-07-03', '--to', '2026-07-03'));
    expect(await totals('--period', '2026-07')).toEqual(whole);
    bench.write('bilag.config.json', { ...cafeConfig(simulator.url), fiscalYearStartMonth: 7 });
    expect(await totals('--period', '2027')).toEqual(whole);
  });

  test('without the fees account, what is retained is the cost, and the funds are proved', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    const source = {
      kind: 'vipps',
      keys: 'merchant',
      credentials: 'env:VIPPS',
      baseUrl: simulator.url,
      fees: false,
    } as const;
    bench.write('bilag.config.json', cafeConfig(simulator.url, { source }));
    expect((await bench.run('fetch', '--to', '2026-07-07')).code).toBe(0);
    const { code, out } = await bench.run('book', '--json');
    expect(code).toBe(0);
    const [books] = (
      JSON.parse(out) as { companies: { ledgers: { balances: object; totals: object; isProved: boolean }[] }[] }
    ).companies;
    expect(books?.ledgers).toMatchObject([
      { totals: { fees: -simulator.expected('302400').feesCharged }, isProved: true },
    ]);
    expect(books?.ledgers[0]?.balances).not.toHaveProperty('fees');
  });

  test('vouchers by payout: what waits for its payout is not called wrong', async () => {
    const monthly = generateMerchant({
      seed: 'monthly',
      market: 'NO',
      ledgerId: '302400',
      from: plainDate('2026-06-01'),
      to: plainDate('2026-07-07'),
      owner: { name: 'Kafé Eksempel AS', organisationNumber: '987654321' },
      payouts: 'weekly',
      features: uneventful,
    });
    await using weekly = await startSimulator({ merchants: [monthly] });
    const bench = createBench();
    bench.env = keysOf(weekly);
    const version = { from: '2026-06-01', market: 'NO', sales: { sale: '25' }, grouping: 'payout' } as const;
    bench.write('bilag.config.json', cafeConfig(weekly.url, { policy: { versions: [version] } }));
    await bench.run('fetch', '--to', '2026-06-16');
    const { code, out } = await bench.run('book');
    expect(code).toBe(0);
    expect(out).toMatch(/^waiting for a payout: ledger 302400, clearing 0\.00 ≠ funds /m);
    expect(out).toMatch(/^2 vouchers; /m);
  });

  test('the lines of each voucher, when asked for', async () => {
    const bench = await fetchedCafe();
    const { out } = await bench.run('book', '--lines', '--to', '2026-07-01');
    expect(out).toMatch(/ {12}3000 +-[\d ]+\.\d\d {2}Salg.* \[VAT 3\]/);
  });

  test('archived files of version 1 are booked without any fetching', async () => {
    const bench = createBench();
    const row = {
      transactionType: 'capture',
      currency: 'NOK',
      ledgerId: '302321',
      ledgerAmount: '7.89',
      grossAmount: '9',
      fee: '1.11',
    };
    bench.write('one.json', { cursor: '', items: [{ ...row, transactionId: '1', ledgerDate: '2026-07-01' }] });
    // The second file repeats a row of the first.
    bench.write('two.json', [
      { ...row, transactionId: '1', ledgerDate: '2026-07-01' },
      { ...row, transactionId: '2', ledgerDate: '2026-07-02' },
    ]);
    const source = {
      kind: 'v1-files',
      files: ['one.json', 'two.json'],
      settlement: 'net',
      amounts: 'major-decimals',
    } as const;
    bench.write('bilag.config.json', cafeConfig('', { source }));
    const { code, out } = await bench.run('book', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      companies: [
        {
          voucherCount: 2,
          ledgers: [
            {
              ledgerId: '302321',
              totals: { captures: 1800, fees: -222 },
              balances: { funds: { provider: 1578, books: 1578 } },
            },
          ],
        },
      ],
    });
    expect((await bench.run('fetch')).out).toContain('nothing to fetch');
  });
});

describe('bilag export and bilag check', () => {
  test('SAF-T is written whole, checked on its way, and checked again from the disk', async () => {
    const bench = await fetchedCafe();
    const written = await bench.run('export', '--target', 'saf-t', '--from', '2026-07-01', '--until', '2026-07-07');
    expect(written).toMatchObject({ code: 0, messages: '' });
    expect(written.out).toContain('checked while written: no errors');
    const folder = bench.path('output', 'kafe', 'saf-t');
    const [name = ''] = readdirSync(folder);
    expect(name).toMatch(/^SAF-T Financial_987654321_20260708120000_1_1\.xml$/);

    expect(await bench.run('check', `${folder}/${name}`)).toMatchObject({ code: 0 });
    bench.write(
      'wrong.xml',
      readFileSync(`${folder}/${name}`, 'utf8').replace(/<TotalDebit>[^<]+/, '<TotalDebit>1.00'),
    );
    const wrong = await bench.run('check', 'wrong.xml', '--with', 'saf-t');
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/^error +\S+: /m);
    const asJson = await bench.run('check', 'wrong.xml', '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ files: [{ file: 'wrong.xml', findings: [{ severity: 'error' }] }] });
  });

  test('--to is the last date as everywhere; what is no date still names the target, and that is told', async () => {
    const bench = await fetchedCafe();
    const dates = ['--from', '2026-07-01', '--to', '2026-07-07', '--json'] as const;
    const asked = await bench.run('export', '--target', 'journal', ...dates);
    expect(asked).toMatchObject({ code: 0, messages: '' });
    const before = ['--from', '2026-07-01', '--until', '2026-07-07', '--replace', '--json'] as const;
    const asBefore = await bench.run('export', '--to', 'journal', ...before);
    expect(asBefore).toMatchObject({ code: 0, out: asked.out });
    expect(asBefore.messages).toBe('--to "journal" is taken for --target: --to is the last date, as everywhere\n');
  });

  test('the parts of a set that are given together are judged together', async () => {
    const bench = await fetchedCafe();
    await bench.run('export', '--target', 'saf-t', '--from', '2026-07-01', '--until', '2026-07-07');
    const folder = bench.path('output', 'kafe', 'saf-t');
    const whole = readFileSync(`${folder}/${readdirSync(folder)[0]}`, 'utf8');
    const masterFiles = whole.replace(/ *<GeneralLedgerEntries>[^]*<\/GeneralLedgerEntries>\n/, '');
    const entries = whole.replace(/ *<MasterFiles>[^]*<\/MasterFiles>\n/, '');
    for (const names of [
      [
        'SAF-T Financial_987654321_20260708120000_2_2.xml',
        'SAF-T Financial_987654321_20260708120000_1_2.xml',
      ].toReversed(),
      ['accounts.xml', 'july.xml'],
    ] as [string, string][]) {
      const [first, second] = names;
      bench.write(first, masterFiles);
      bench.write(second, entries);
      expect((await bench.run('check', first)).out).toContain('SAFT-SET');
      const together = await bench.run('check', ...names);
      expect(together).toMatchObject({
        code: 0,
        out: expect.stringContaining('2 files as a set: no findings') as string,
      });
      expect(together.out).not.toContain('SAFT-SET');

      bench.write(second, entries.replace(/<AccountID>\d+</, '<AccountID>9999<'));
      const wrong = await bench.run('check', ...names);
      expect(wrong.code).toBe(1);
      expect(wrong.out).toContain('account 9999 is not in the master files');
      const { files, sets } = JSON.parse((await bench.run('check', '--json', ...names)).out) as {
        files: { file: string; findings: { code: string }[] }[];
        sets: { files: string[]; findings: { code: string }[] }[];
      };
      expect(files.find(({ file }) => file === second)?.findings).toMatchObject([{ code: 'SAFT-05' }]);
      expect(sets).toMatchObject([{ files: names, findings: [{ code: 'SAFT-03' }] }]);
    }
  });

  test.each([
    ['a zip', '504b03040a00', 'this is a zip file'],
    ['a gzip', '1f8b080000', 'this is a gzip file'],
    ['a PDF', '255044462d312e34', 'this is a PDF file'],
    ['an empty file', '', 'the file is empty'],
  ])('%s is called what it is, whatever its name', async (_, content, message) => {
    const bench = createBench();
    for (const name of ['a.zip', 'a.xml', 'a.si']) {
      writeFileSync(bench.path(name), Buffer.from(content, 'hex'));
      expect(await bench.run('check', name)).toMatchObject({
        code: 2,
        messages: expect.stringContaining(message) as string,
      });
    }
  });

  test('a folder is called a folder', async () => {
    const bench = createBench();
    expect(await bench.run('check', '.')).toMatchObject({
      code: 2,
      messages: expect.stringContaining('this is a folder') as string,
    });
  });

  test('a Swedish merchant gets SIE and CSV, and the checker is found by the end of the file name', async () => {
    const bench = createBench();
    const row = { ledgerId: '402301', currency: 'SEK', ledgerDate: '2026-07-01', transactionType: 'capture' };
    const items = [{ ...row, transactionId: '5000000001', ledgerAmount: 109.5, grossAmount: 112.0, fee: 2.5 }];
    bench.write('one.json', JSON.stringify({ cursor: '', items }));
    const company = cafeConfig('', {
      organisationNumber: '5560160680',
      country: 'SE',
      currency: 'SEK',
      source: { kind: 'v1-files', files: ['one.json'], settlement: 'net', amounts: 'major-decimals' },
      policy: { versions: [{ from: '2026-07-01', market: 'SE', sales: { sale: '12' } }] },
      targets: { sie: { adapter: '@bilag/sie', config: {} }, csv: { adapter: '@bilag/csv', config: {} } },
    });
    bench.write('bilag.config.json', company);
    for (const target of ['sie', 'csv']) {
      expect(await bench.run('export', '--target', target, '--period', '2026-07')).toMatchObject({
        code: 0,
        messages: '',
      });
    }
    const csv = readFileSync(bench.path('output/kafe/csv/5560160680-SEK-2026-07-01-2026-07-31.csv'), 'utf8');
    expect(csv).toContain(';2026-07-01;2621;Moms 12 %;');

    const file = 'output/kafe/sie/5560160680-SEK-2026-07-01-2026-07-31.si';
    const written = readFileSync(bench.path(file), 'latin1');
    expect(written).toContain('#TRANS 2621 {} -12.00 20260701 ');
    expect(await bench.run('check', file)).toMatchObject({ code: 0 });
    bench.write('wrong.si', written.replace('-12.00', '-13.00'));
    const wrong = await bench.run('check', 'wrong.si');
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('does not balance') as string });
    const unclear = await bench.run('check', 'wrong.txt');
    expect(unclear).toMatchObject({
      code: 2,
      messages: expect.stringContaining('choose one of: saf-t, sie, gbat10') as string,
    });
  });

  test('the same archive and moment give the same bytes', async () => {
    const bench = await fetchedCafe();
    const argv = [
      'export',
      '--target',
      'saf-t',
      '--from',
      '2026-07-01',
      '--until',
      '2026-07-07',
      '--created-at',
      '2026-08-01T08:00:00Z',
    ];
    await bench.run(...argv, '--out', 'one');
    const later = await bench.runIn(
      { now: () => new Date(now.getTime() + 86_400_000) },
      ...argv,
      '--out',
      'two',
      '--json',
    );
    expect(contentsOf(bench.path('one'))).toEqual(contentsOf(bench.path('two')));
    expect(JSON.parse(later.out)).toMatchObject({
      companies: [{ target: 'saf-t', isChecked: true, files: [{ sha256: expect.any(String) as string }] }],
    });
  });

  test('several companies get a folder each', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    const source = {
      kind: 'vipps',
      keys: 'accounting-partner',
      credentials: 'env:PARTNER',
      baseUrl: simulator.url,
    } as const;
    bench.write('bilag.config.json', [
      cafeConfig(simulator.url, { source }),
      cafeConfig(simulator.url, { id: 'butikk', organisationNumber: '987654330', source }),
    ]);
    await bench.run('fetch', '--to', '2026-07-07');
    const { code } = await bench.run('export', '--target', 'journal', '--period', '2026-07-02', '--out', 'all');
    expect(code).toBe(0);
    expect(Object.keys(contentsOf(bench.path('all')))).toEqual([
      'butikk/987654330-NOK-2026-07-02-2026-07-02.journal',
      'kafe/987654321-NOK-2026-07-02-2026-07-02.journal',
    ]);
  });

  test('what is there is replaced when asked for alone', async () => {
    const bench = await fetchedCafe();
    const argv = ['export', '--target', 'journal', '--from', '2026-07-01', '--until', '2026-07-07'];
    expect((await bench.run(...argv)).code).toBe(0);
    const before = contentsOf(bench.path('output'));
    const again = await bench.run(...argv, '--created-at', '2030-01-01T00:00:00Z');
    expect(again.code).toBe(3);
    expect(again.messages).toContain('the file is there already');
    expect(contentsOf(bench.path('output'))).toEqual(before);
    expect((await bench.run(...argv, '--created-at', '2030-01-01T00:00:00Z', '--replace')).code).toBe(0);
    expect(contentsOf(bench.path('output'))).not.toEqual(before);
  });

  test('the result of the year before is not opened with, and the balances are', async () => {
    const bench = await fetchedCafe();
    await bench.run('export', '--target', 'journal', '--from', '2026-07-05', '--until', '2026-07-07');
    const [name = ''] = readdirSync(bench.path('output', 'kafe', 'journal'));
    expect(readFileSync(bench.path('output', 'kafe', 'journal', name), 'utf8')).toContain('Opening balances');
  });
});

describe('bilag adapters', () => {
  test('lists what comes with Bilag, without a config', async () => {
    const { code, out } = await createBench().run('adapters', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      adapters: [
        { id: 'saf-t', kind: 'file', vat: 'explicit', checks: true, from: '@bilag/saf-t', targets: [] },
        { id: 'journal', kind: 'file', vat: 'explicit', from: '@bilag/journal' },
        { id: 'csv', kind: 'file', vat: 'explicit', checks: false, from: '@bilag/csv' },
        { id: 'sie', kind: 'file', vat: 'explicit', from: '@bilag/sie' },
        { id: 'gbat10', kind: 'file', vat: 'explicit', checks: true, from: '@bilag/gbat10' },
        { id: 'tripletex', kind: 'service', vat: 'gross', checks: false, from: '@bilag/tripletex' },
        { id: 'fiken', kind: 'service', vat: 'explicit', checks: false, from: '@bilag/fiken' },
        { id: 'poweroffice', kind: 'service', vat: 'gross', checks: false, from: '@bilag/poweroffice' },
        { id: 'economic', kind: 'service', vat: 'explicit', checks: false, from: '@bilag/economic' },
        { id: 'fortnox', kind: 'service', vat: 'explicit', checks: false, from: '@bilag/fortnox' },
        { id: 'unimicro', kind: 'service', vat: 'gross', checks: false, from: '@bilag/unimicro' },
        { id: 'eaccounting', kind: 'service', vat: 'explicit', checks: false, from: '@bilag/eaccounting' },
        { id: 'business-central', kind: 'service', vat: 'explicit', checks: false, from: '@bilag/business-central' },
        { id: 'xero', kind: 'service', vat: 'gross', checks: false, from: '@bilag/xero' },
      ],
    });
  });

  test('names the targets of the config that use them', async () => {
    const bench = createBench();
    bench.write('bilag.config.json', cafeConfig('https://example.test'));
    expect((await bench.run('adapters')).out).toMatch(/^journal +file +explicit +no +@bilag\/journal +journal /m);
  });
});

describe('bilag init', () => {
  /** Writes a config with these flags, and says which targets it has. */
  async function targetsWrittenFor(...flags: readonly string[]): Promise<unknown> {
    const bench = createBench();
    const common = ['--name', 'Kafé AS', '--organisation-number', '987654321', '--cut-over', '2026-07-01'];
    const { code } = await bench.run('init', '--config', 'c.json', ...common, '--sale', '25', ...flags);
    if (code !== 0) return { code, isWritten: existsSync(bench.path('c.json')) };
    return Object.keys((JSON.parse(readFileSync(bench.path('c.json'), 'utf8')) as { targets: object }).targets);
  }

  test.each([
    ['NO', 'fiken, csv', ['--fiken-company', 'eksempel-as'], ['fiken', 'csv']],
    ['NO', 'poweroffice', [], ['poweroffice']],
    ['Sverige', 'SIE', [], ['sie']],
    ['NO', 'gbat10', [], ['gbat10']],
    ['danmark', 'csv', [], ['csv']],
    ['DK', 'economic', ['--economic-journal', '7'], ['economic']],
    ['SE', 'fortnox', [], ['fortnox']],
    ['NO', 'unimicro', ['--unimicro-company', 'eksempel-as'], ['unimicro']],
    ['SE', 'eaccounting', [], ['eaccounting']],
    ['NO', 'xero', ['--xero-tenant', '45e4708e-d862-4111-ab3a-dd8cd03913e1'], ['xero']],
    ['DK', 'business-central', ['--business-central-tenant', 'example.com'], ['business-central']],
  ])('a company in %s can be delivered to %s', async (market, targets, more, names) => {
    const written = await targetsWrittenFor('--market', market, '--targets', targets, ...more);
    expect(written).toEqual(names);
  });

  test.each([
    ['SE', 'tripletex'],
    ['DK', 'economic'],
    ['NO', 'tripletex, fiken'],
    ['NO', 'tripletex'],
  ])('a company in %s is not delivered to %s without more, and nothing is written', async (market, targets) => {
    const written = await targetsWrittenFor('--market', market, '--targets', targets);
    expect(written).toEqual({ code: 2, isWritten: false });
  });

  const flags = [
    '--name',
    'Kafé Eksempel AS',
    '--organisation-number',
    '987 654 321',
    '--sale',
    '25',
    '--cut-over',
    '2026-07-01',
    '--city',
    'Oslo',
    '--contact',
    'Hansen',
  ];

  test('writes JSON with comments that the other commands take', async () => {
    const bench = createBench();
    bench.env = keysOf(simulator);
    const { code, out } = await bench.run(
      'init',
      '--config',
      'bilag.config.json',
      ...flags,
      '--new-company',
      'yes',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ file: bench.path('bilag.config.json'), company: 'kafe-eksempel' });
    const written = readFileSync(bench.path('bilag.config.json'), 'utf8');
    expect(written).toContain('"// source": "A reference, never the keys');
    bench.write(
      'bilag.config.json',
      written.replace('"credentials": "env:VIPPS"', `"credentials": "env:VIPPS", "baseUrl": "${simulator.url}"`),
    );
    expect(await bench.run('fetch', '--to', '2026-07-07')).toMatchObject({ code: 0 });
    expect(await bench.run('export', '--target', 'saf-t', '--period', '2026-07-01')).toMatchObject({
      code: 0,
      messages: '',
    });
    expect(await bench.run('export', '--target', 'journal', '--period', '2026-07-01')).toMatchObject({
      code: 0,
      messages: '',
    });
  });

  test('never replaces a config that is there, unless forced', async () => {
    const bench = createBench();
    bench.write('bilag.config.ts', 'mine');
    const { code, messages } = await bench.run('init', ...flags);
    expect(code).toBe(2);
    expect(messages).toContain('there is a config already');
    expect(messages).toContain('--force');
    expect(readFileSync(bench.path('bilag.config.ts'), 'utf8')).toBe('mine');
    expect((await bench.run('init', ...flags, '--force')).code).toBe(0);
    expect(readFileSync(bench.path('bilag.config.ts'), 'utf8')).toContain('defineConfig({');
  });

  test('says what is in the way where it cannot write', async () => {
    const bench = createBench();
    bench.write('file', '');
    const { code, messages } = await bench.run('init', '--config', 'file/bilag.config.json', ...flags);
    expect(messages).toMatch(/^error: a part of the path is a file.*\n {2}where: .*\n {2}action: .*\n$/);
    expect(code).toBe(2);
  });

  test('writes the openings it is given, in minor units', async () => {
    const bench = createBench();
    await bench.run('init', '--config', 'c.json', ...flags, '--opening', '302400=1250.00,-35.5', '302401=0.01');
    expect(JSON.parse(readFileSync(bench.path('c.json'), 'utf8'))).toMatchObject({
      policy: { openings: { '302400': { funds: 125_000, fees: -3550, inTransit: 0 }, '302401': { funds: 1 } } },
    });
  });

  test('without a terminal it says which answers are missing: the VAT of sales is never assumed', async () => {
    const bench = createBench();
    const { code, messages } = await bench.run(
      'init',
      '--name',
      'X',
      '--organisation-number',
      '12345678',
      '--market',
      'DK',
      '--cut-over',
      '2026-07-01',
    );
    expect(code).toBe(2);
    expect(messages).toContain('--sale is missing');
    expect(existsSync(bench.path('bilag.config.ts'))).toBe(false);
  });

  test('an answer that does not fit is refused', async () => {
    const bench = createBench();
    const { code, messages } = await bench.run('init', ...flags.with(flags.indexOf('--sale') + 1, '17'));
    expect(code).toBe(2);
    expect(messages).toContain('"17" does not fit: choose one of: ');
    expect(messages).toContain('where: --sale');
  });
});
