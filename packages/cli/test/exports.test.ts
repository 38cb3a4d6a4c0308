import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import type { CompanyInput } from '@bilag/cli';
import { cafeConfig, clearBenches, createBench, safTConfig, type Bench, type Ran } from './bench.ts';

afterAll(clearBenches);

const march = { now: () => new Date('2026-03-05T12:00:00Z') };

const targets: NonNullable<CompanyInput['targets']> = {
  csv: { adapter: '@bilag/csv', config: {} },
  gbat10: { adapter: '@bilag/gbat10', config: {} },
  journal: { adapter: '@bilag/journal', config: { dialect: 'hledger' } },
  'saf-t': { adapter: '@bilag/saf-t', config: safTConfig },
  sie: { adapter: '@bilag/sie', config: {} },
};

const sale = (date: string, gross: number) => ({
  transactionId: `${date}-${gross}`,
  timestamp: `${date}T12:00:00+0100`,
  ledgerDate: date,
  ledgerId: '302321',
  transactionType: 'capture',
  ledgerAmount: gross - 2,
  grossAmount: gross,
  fee: 2,
});

/** A company of rows that were archived; Swedish where the file is. */
function company(target: string, lockedThrough?: string, changes: Partial<CompanyInput> = {}): CompanyInput {
  const isSwedish = target === 'sie';
  return cafeConfig('', {
    source: { kind: 'v1-files', files: ['rows.json'], settlement: 'net', amounts: 'major-decimals' },
    policy: {
      versions: [{ from: '2026-01-01', market: isSwedish ? 'SE' : 'NO', sales: { sale: '25' } }],
      ...(lockedThrough === undefined ? {} : { lockedThrough }),
    },
    ...(isSwedish ? { country: 'SE', currency: 'SEK', organisationNumber: '5560160680' } : {}),
    targets,
    ...changes,
  });
}

interface Place {
  readonly bench: Bench;
  rows(...rows: readonly object[]): void;
  run(...argv: readonly string[]): Promise<Ran>;
  /** Everything in a folder that was exported to. */
  text(folder: string): string;
}

function place(target: string): Place {
  const bench = createBench();
  bench.write('bilag.config.json', company(target));
  const currency = target === 'sie' ? 'SEK' : 'NOK';
  return {
    bench,
    rows: (...rows) =>
      bench.write(
        'rows.json',
        rows.map((row) => ({ ...row, currency })),
      ),
    run: (...argv) => bench.runIn(march, 'export', '--target', target, ...argv),
    text: (folder) =>
      readdirSync(bench.path(folder))
        .map((name) => readFileSync(bench.path(folder, name), 'latin1'))
        .join(''),
  };
}

const [january, february] = [sale('2026-01-15', 125), sale('2026-02-10', 100)];

describe.for(Object.keys(targets))('a month that is locked after it was exported to %s', (target) => {
  test('does not come again in the next month’s file, and is itself when it is exported again', async () => {
    const { bench, rows, run, text } = place(target);
    rows(january, february);
    expect(await run('--period', '2026-01', '--out', 'jan')).toMatchObject({ code: 0 });
    expect(text('jan')).toContain('302321-20260115');
    bench.write('bilag.config.json', company(target, '2026-01-31'));
    const next = await run('--period', '2026-02', '--out', 'feb');
    expect(next).toMatchObject({ code: 0, messages: '' });
    expect(next.out).toContain('1 voucher with');
    expect(next.out).toContain('no findings');
    expect(text('feb')).toContain('302321-20260210');
    expect(text('feb')).not.toContain('302321-20260115');
    // The preview says the same as the files.
    const { out } = await bench.runIn(march, 'book');
    expect(out).toMatch(/^2026-01-15 +302321-20260115/m);
    expect(out).not.toContain('moved-from-locked-period');
    const again = await run('--period', '2026-01', '--out', 'again');
    expect(again.out).toContain('1 voucher with');
    expect(text('again')).toContain('302321-20260115');
  });
});

describe('what is known of earlier exports', () => {
  test('when it is lost, what the lock moves into the file is said', async () => {
    const { bench, rows, run, text } = place('csv');
    rows(january, february);
    await run('--period', '2026-01', '--out', 'jan');
    rmSync(bench.path('delivery', 'kafe.exports.sqlite'));
    bench.write('bilag.config.json', company('csv', '2026-01-31'));
    const { code, out } = await run('--period', '2026-02', '--out', 'feb');
    expect(code).toBe(0);
    expect(out).toMatch(/warning {2}moved-from-locked-period: .* booked on 2026-02-01 instead of 2026-01-15/);
    expect(out).toContain('check that it is not in the books of the locked period');
    expect(text('feb')).toContain('302321-20260115');
    // Now it stands in February, and stays there when more is locked.
    bench.write('bilag.config.json', company('csv', '2026-02-28'));
    expect((await run('--period', '2026-02', '--out', 'more')).out).toContain('2 vouchers with');
  });

  test('is of one target alone: what another was given says nothing of this one', async () => {
    const { bench, rows, run } = place('csv');
    rows(january, february);
    await run('--period', '2026-01', '--out', 'jan');
    bench.write('bilag.config.json', company('csv', '2026-01-31'));
    const other = await bench.runIn(march, 'export', '--target', 'journal', '--period', '2026-02', '--out', 'feb');
    expect(other.out).toContain('moved-from-locked-period');
  });

  test('a voucher that came to have other lines, or went, is named; one that is new in a locked month moves', async () => {
    const { bench, rows, run, text } = place('csv');
    rows(january, sale('2026-01-20', 80), february);
    await run('--period', '2026-01', '--out', 'jan');
    bench.write('bilag.config.json', company('csv', '2026-01-31'));
    rows(sale('2026-01-10', 60), january, sale('2026-01-15', 55), february);
    const { code, out } = await run('--period', '2026-02', '--out', 'feb');
    expect(code).toBe(0);
    expect(out).toMatch(
      /exported-otherwise: vouchers that were exported earlier have other lines now: 302321-20260115/,
    );
    expect(out).toMatch(/exported-otherwise: vouchers that were exported earlier are not there now: 302321-20260120/);
    expect(out).toMatch(/moved-from-locked-period: .* instead of 2026-01-10/);
    expect(text('feb')).toMatch(/302321-20260110.*2026-02-01/);
    expect(text('feb')).not.toContain('302321-20260115');
  });

  test('a month that is exported again with other vouchers says what the file before it had', async () => {
    const { bench, rows, run } = place('csv');
    rows(january, february);
    await run('--period', '2026-01', '--out', 'jan');
    rows(sale('2026-01-15', 130), sale('2026-01-16', 10), february);
    const { out } = await run('--period', '2026-01', '--out', 'jan', '--replace');
    expect(out).toMatch(
      /exported-otherwise: vouchers that were exported earlier have other lines now: 302321-20260115/,
    );
    expect(out).toContain('import this one in its place, not beside it');
    expect((await run('--period', '2026-02', '--out', 'feb')).out).toContain('no findings');
    // Nor is it said of what is before a cut-over that came later.
    const versions = [{ from: '2026-02-01', market: 'NO', sales: { sale: '25' } }] as const;
    rows(january, february);
    bench.write('bilag.config.json', company('csv', undefined, { policy: { versions } }));
    expect((await run('--period', '2026-02', '--out', 'again')).out).not.toMatch(/exported-otherwise: .*20260115/);
    expect(bench.path('again')).toSatisfy(existsSync);
  });

  test('a quarter after its months, and a day of it after that: who imports both would have the vouchers twice', async () => {
    const { rows, run } = place('csv');
    rows(january, february);
    await run('--period', '2026-01');
    expect((await run('--period', '2026-02')).out).toContain('no findings');
    const both = await run('--from', '2026-01-01', '--until', '2026-02-28');
    expect(both.code).toBe(0);
    const first = '2026-01-01 to 2026-01-31 \\(987654321-NOK-2026-01-01-2026-01-31\\.csv\\)';
    expect(both.out).toMatch(new RegExp(`warning {2}exported-before: .* too: ${first}, and 1 more`));
    expect(both.out).toContain('never import both');
    expect((await run('--period', '2026-02-10')).out).toMatch(/exported-before: .*2026-01-01 to 2026-02-28/);
    expect((await run('--period', '2026-01', '--out', 'again')).out).toMatch(
      /exported-before: .*2026-01-01 to 2026-02-28/,
    );
  });

  test('a damaged record is refused, not taken for an empty one', async () => {
    const { bench, rows, run } = place('csv');
    rows(january);
    await run('--period', '2026-01', '--out', 'jan');
    writeFileSync(
      bench.path('delivery', 'kafe.exports.sqlite'),
      'not a database, but long enough to be one'.repeat(50),
    );
    const { code, messages } = await run('--period', '2026-02', '--out', 'feb');
    expect(code).toBe(1);
    expect(messages).toContain('kafe.exports.sqlite');
    expect(existsSync(bench.path('feb'))).toBe(false);
  });
});

describe('a period that was exported already', () => {
  const firstMoment = ['--created-at', '2026-02-01T08:00:00Z'];
  const secondMoment = ['--created-at', '2026-02-02T08:00:00Z'];

  test('is not written beside the older files, whose names are others; replaced, they are gone', async () => {
    const { bench, rows, run } = place('saf-t');
    rows(january, february);
    await run('--period', '2026-01', '--out', 'out', ...firstMoment);
    await run('--period', '2026-02', '--out', 'out', '--created-at', '2026-02-01T08:00:01Z');
    const before = readdirSync(bench.path('out'));
    const refused = await run('--period', '2026-01', '--out', 'out', ...secondMoment);
    expect(refused.code).toBe(3);
    expect(refused.messages).toContain('2026-01-01 to 2026-01-31 was exported on 2026-02-01');
    expect(refused.messages).toContain('20260201090000_1_1.xml');
    expect(readdirSync(bench.path('out'))).toEqual(before);
    const replaced = await run('--period', '2026-01', '--out', 'out', ...secondMoment, '--replace');
    expect(replaced.out).toMatch(/removed: .*20260201090000_1_1\.xml, the earlier file of the period/);
    expect(replaced.out).toMatch(/20260202090000_1_1\.xml {2}\(2026-01-01 to 2026-01-31, \d+ bytes\)/);
    expect(readdirSync(bench.path('out')).map((name) => name.slice(-22))).toEqual([
      '_20260201090001_1_1.xml'.slice(-22),
      '_20260202090000_1_1.xml'.slice(-22),
    ]);
  });

  test('what a person changed since is never taken away', async () => {
    const { bench, rows, run } = place('saf-t');
    rows(january);
    await run('--period', '2026-01', '--out', 'out', ...firstMoment);
    const [name = ''] = readdirSync(bench.path('out'));
    writeFileSync(bench.path('out', name), 'mine now');
    const { out } = await run('--period', '2026-01', '--out', 'out', ...secondMoment, '--replace');
    expect(out).toContain(`still there: ${bench.path('out', name)}`);
    expect(readFileSync(bench.path('out', name), 'utf8')).toBe('mine now');
  });

  test('nothing outside of the folder is taken away, whatever the record names', async () => {
    const { bench, rows, run } = place('csv');
    rows(january);
    await run('--period', '2026-01', '--out', 'out', ...firstMoment);
    bench.write('precious.csv', 'precious');
    const sha256 = createHash('sha256').update('precious').digest('hex');
    const record = new DatabaseSync(bench.path('delivery', 'kafe.exports.sqlite'));
    record.prepare('UPDATE exported_file SET name = ?, sha256 = ?').run('../precious.csv', sha256);
    record.close();
    const { code, messages } = await run('--period', '2026-01', '--out', 'out', ...secondMoment, '--replace');
    expect(code).toBe(1);
    expect(messages).toContain('it names a file outside of a folder');
    expect(readFileSync(bench.path('precious.csv'), 'utf8')).toBe('precious');
  });
});

describe('a period that is not whole', () => {
  test('with the cut-over inside it begins there, and says so', async () => {
    const { bench, rows, run } = place('csv');
    rows(january, february);
    const { out } = await run('--period', '2026', '--out', 'year');
    expect(out).not.toContain('begins with');
    const versions = [{ from: '2026-02-01', market: 'NO', sales: { sale: '25' } }] as const;
    bench.write('bilag.config.json', company('csv', undefined, { policy: { versions } }));
    const cut = await run('--period', '2026-Q1', '--out', 'quarter');
    expect(cut).toMatchObject({ code: 0, messages: '' });
    expect(cut.out).toContain('2026-Q1 begins with the cut-over 2026-02-01');
    expect(readdirSync(bench.path('quarter'))).toEqual(['987654321-NOK-2026-02-01-2026-03-31.csv']);
    const asked = await run('--from', '2026-01-01', '--until', '2026-03-31', '--out', 'asked');
    expect(asked).toMatchObject({ code: 2, messages: expect.stringContaining('before the cut-over') as string });
  });

  test('that is not over says what is not in it; one to come, or before the cut-over, is refused', async () => {
    const { bench, rows, run } = place('csv');
    rows(january, february);
    expect((await run('--period', '2026-03', '--out', 'march')).code).toBe(2);
    expect((await run('--period', '2026-Q1', '--out', 'quarter')).out).toContain('2026-03-31 is still to come');
    const coming = await run('--period', '2027', '--out', 'next');
    expect(coming.code).toBe(2);
    expect(coming.messages).toContain('2027-01-01 to 2027-12-31 has not begun: today is 2026-03-05');
    const past = await run('--period', '2025', '--out', 'last');
    expect(past.code).toBe(2);
    expect(past.messages).toContain('2025-01-01 to 2025-12-31 is before the cut-over 2026-01-01');
    expect(readdirSync(bench.folder)).not.toContain('next');
  });

  test('of a policy that names a ledger nobody has seen says so', async () => {
    const { bench, rows, run } = place('csv');
    rows(january);
    const policy = {
      versions: [
        {
          from: '2026-01-01',
          market: 'NO',
          sales: { sale: '25' },
          ledgers: { '30231': { accounts: { clearing: '1571' } }, '302321': { accounts: { clearing: '1572' } } },
        },
      ],
    } as const;
    bench.write('bilag.config.json', company('csv', undefined, { policy }));
    const { out } = await run('--period', '2026-01', '--out', 'jan');
    expect(out).toMatch(/warning {2}ledger-not-seen: the policy names ledger 30231, and there is nothing of it/);
    expect(out).toContain('1 finding worth a look');
  });

  test('of an accounting year that company and target tell differently is refused', async () => {
    const { bench, rows, run } = place('saf-t');
    rows(january);
    const config = { ...safTConfig, fiscalYearStartMonth: 7 };
    bench.write(
      'bilag.config.json',
      company('saf-t', undefined, { targets: { 'saf-t': { adapter: '@bilag/saf-t', config } } }),
    );
    const { code, messages } = await run('--period', '2026-01', '--out', 'jan');
    expect(code).toBe(2);
    expect(messages).toContain('begins in month 1 for the company, and in month 7 for this target');
    expect(existsSync(bench.path('jan'))).toBe(false);
  });
});
