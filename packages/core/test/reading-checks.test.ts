import { describe, expect, test } from 'vitest';
import { amount, gatherFindings, isDeliverable, plainDate, type LedgerDate } from '../src/index.ts';
import { booked, findings, journal, ledger, policy, text } from './ledger-text.ts';

const days = `
  2026-03-02 funds capture p1 api:1 10.00
  2026-03-02 funds capture p2 api:1 20.00
  2026-03-03 funds capture p3 api:1 30.00
  2026-03-04 funds capture p4 api:1 40.00
`;

const without = (dates: readonly LedgerDate[], psp: string): LedgerDate[] =>
  dates.map((date) => ({ ...date, entries: date.entries.filter((entry) => entry.pspReference !== psp) }));

describe('entries delivered twice', () => {
  test('are booked once, and a page that came twice changes nothing', async () => {
    const once = ledger(days);
    const twice = once.map((date) => ({ ...date, entries: [...date.entries, ...date.entries] }));
    const dates = await booked(twice);
    expect(journal(dates)).toBe(journal(await booked(once)));
    expect(findings(dates, 'info')).toEqual(['info delivered-twice', 'info delivered-twice', 'info delivered-twice']);
  });

  test('a whole date that came twice is booked once', async () => {
    const once = ledger(days);
    const dates = await booked(once.flatMap((date) => [date, date]));
    expect(journal(dates)).toBe(journal(await booked(once)));
  });

  test('two genuine captures of the same amount both survive', async () => {
    const rows = `
      2026-03-02 funds capture p1 api:1 10.00
      2026-03-02 funds capture p1 api:1 10.00
    `;
    const [date] = ledger(rows);
    const sameMoment = {
      ...(date as LedgerDate),
      entries:
        date?.entries.map((entry) => ({ ...entry, time: null, id: entry.id.replace(/\/2026[^/]*Z\//, '//') })) ?? [],
    };
    expect((await booked([sameMoment]))[0]?.totals[0].captures).toBe(2000);
  });

  test('entries that come after their date was booked stop delivery', async () => {
    const [first, ...rest] = ledger(days);
    const late = { ...(first as LedgerDate), entries: [...(ledger(days, { balances: false })[0]?.entries ?? [])] };
    const dates = await booked([first as LedgerDate, late, ...rest]);
    expect(findings(dates)).toContain('error late-entries');
    expect(dates.flatMap((date) => date.vouchers).length).toBe(3);
  });

  test('an item that another read brought is not booked again by its own ledger', async () => {
    const rows = '2022-10-01 funds payout x1 - -1.89';
    const foreign = ledger('2022-10-01 funds payout x1 - -1.89 - 273179', { balances: false });
    const own = ledger(rows, { balances: false }, '273179');
    for (const order of [
      [...foreign, ...own],
      [...own, ...foreign],
    ]) {
      const dates = await booked(order);
      expect(dates.flatMap((date) => date.vouchers).length).toBe(1);
    }
  });

  test('an item that names a ledger already past its date is refused: it may be booked there', async () => {
    const own = ledger(
      `
      2022-10-01 funds payout  x1 - -1.89
      2022-10-02 funds capture x2 -  3.00
    `,
      { balances: false },
      '273179',
    );
    const foreign = ledger('2022-10-01 funds payout x1 - -1.89 - 273179', { balances: false });
    const dates = await booked([...own, ...foreign]);
    expect(dates.map((date) => date.vouchers.length)).toEqual([1, 1, 0]);
    expect(findings(dates)).toEqual(['error other-ledger-passed']);
  });

  test('an item of another ledger that comes after its date was booked is late too', async () => {
    const rows = `
      2022-10-01 funds payout x1 - -1.89 - 273179
      2022-10-01 funds payout x2 - -2.89 - 273179
    `;
    const [date] = ledger(rows, { balances: false }) as [LedgerDate];
    const dates = await booked([{ ...date, entries: date.entries.slice(0, 1) }, date]);
    expect(dates.map((each) => each.vouchers.length)).toEqual([1, 0]);
    expect(findings(dates)).toContain('error late-entries');
  });
});

describe('the chain of balances', () => {
  test('a lost entry is found, and stops the delivery of its date and of what follows', async () => {
    const dates = await booked(without(ledger(days), 'p2'));
    expect(dates.map((date) => date.date)).toEqual(['2026-03-02', '2026-03-03', '2026-03-04']);
    expect(
      dates.some((date) =>
        date.findings.some((finding) => finding.code === 'chain-broken' || finding.code === 'balance-law'),
      ),
    ).toBe(true);
    expect(dates.slice(1).every((date) => !isDeliverable(date))).toBe(true);
  });

  test('a lost date is found', async () => {
    const dates = await booked(ledger(days).toSpliced(1, 1));
    expect(findings(dates)).toContain('error chain-broken');
    expect(isDeliverable(dates[0] as NonNullable<(typeof dates)[0]>)).toBe(true);
    expect(dates[1]?.date).toBe('2026-03-04');
    expect(dates.slice(1).some(isDeliverable)).toBe(false);
  });

  test('balances that do not add up are a finding, not a crash: the documentation has such a sample', async () => {
    const [date] = ledger('2020-10-05 funds capture p1 api:1 499.00');
    const entry = date?.entries[0];
    const odd = {
      ...(date as LedgerDate),
      entries: [{ ...(entry as NonNullable<typeof entry>), balanceBefore: amount(49_900) }],
    };
    const dates = await booked([odd], policy({}, { openings: { '302321': { funds: 49_900 } } }));
    expect(dates[0]?.findings.find((finding) => finding.code === 'balance-arithmetic')).toMatchObject({
      severity: 'error',
      facts: [odd.entries[0]?.id],
    });
    expect(dates[0]?.vouchers.length).toBe(1);
    expect(isDeliverable(dates[0] as NonNullable<(typeof dates)[0]>)).toBe(false);
  });

  test('a late fee that stands among the entries of the day before is no gap', async () => {
    const fees = `
      2026-03-09 funds capture       d1     api:1 200.00
      2026-03-09 funds capture       d2     api:1 400.00
      2026-03-09 funds fees-retained frd1   -      -3.50
      2026-03-10 funds fees-retained frd2   -      -7.00
      2026-03-09 fees  capture-fee   d1     api:1  -3.50
      2026-03-10 fees  capture-fee   d2     api:1  -7.00
      2026-03-09 fees  fees-retained frd1   -       3.50
      2026-03-10 fees  fees-retained frd2   -       7.00
    `;
    const dates = await booked(ledger(fees, { fees: 'ledger' }));
    expect(findings(dates, 'info')).toEqual(['info dates-interleaved']);
    expect(dates.every(isDeliverable)).toBe(true);
    expect(dates.map((date) => date.balances[0]?.fees)).toEqual([
      { provider: 0, books: 0 },
      { provider: 0, books: 0 },
    ]);
  });

  const aroundTheClock = `
    2026-03-09 funds capture          a api:1  10.00
    2026-03-10 funds capture          b api:1  20.00
    2026-03-09 funds payout-scheduled x -     -10.00
    2026-03-10 funds capture          c api:1   5.00
    2026-03-11 funds capture          d api:1   7.00
    2026-03-10 funds payout-scheduled y -     -25.00
    2026-03-12 funds capture          e api:1   3.00
    2026-03-11 funds payout-scheduled z -      -7.00
    2026-03-12 funds capture          f api:1   1.00
  `;

  test('a merchant who sells around the clock has every payout among the sales of the next date', async () => {
    const dates = await booked(ledger(aroundTheClock));
    expect(findings(dates, 'info')).toEqual(Array(3).fill('info dates-interleaved'));
    expect(dates.map((date) => date.date)).toEqual(['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12']);
    expect(
      findings(await booked(ledger(aroundTheClock), policy({}, { openings: { '302321': { funds: 1 } } }))),
    ).toContain('error opening-differs');
  });

  test.each(['a', 'b', 'x', 'c', 'd', 'y', 'e', 'z'])('and its lost entry %s is found', async (psp) => {
    const dates = await booked(without(ledger(aroundTheClock), psp));
    expect(dates.every(isDeliverable)).toBe(false);
  });

  test('a gap stays one when what follows tells no balances', async () => {
    const rows = days.replace('03-03', '03-02');
    const [first] = without(ledger(rows), 'p2');
    const [, untold] = ledger(rows, { balances: false });
    const dates = await booked([first as LedgerDate, untold as LedgerDate]);
    expect(findings(dates)).toEqual(['error chain-broken']);
  });

  const threeDays = `
    2026-03-01 funds capture p0 api:1  1.00
    2026-03-02 funds capture p1 api:1 10.00
    2026-03-02 funds capture p2 api:1 20.00
    2026-03-02 funds capture p3 api:1 30.00
    2026-03-03 funds capture p4 api:1 40.00
    2026-03-03 funds capture p5 api:1 50.00
    2026-03-03 funds capture p6 api:1 60.00
    2026-03-04 funds capture p7 api:1 70.00
  `;
  const broken = 'error chain-broken';
  const codesByDate = (dates: Awaited<ReturnType<typeof booked>>): string[][] =>
    dates.map((date) => findings([date], 'info'));

  test('a lost entry is told once, on its own date; what follows is judged by itself', async () => {
    const law = 'error balance-law';
    expect(codesByDate(await booked(without(ledger(threeDays), 'p2')))).toEqual([[], [broken], [law], [law]]);
    const both = without(without(ledger(threeDays), 'p2'), 'p5');
    expect(codesByDate(await booked(both))).toEqual([[], [broken], [broken], [law]]);
    const first = without(ledger(threeDays), 'p2').slice(1);
    const whole = { openings: { '302321': { funds: 100 } } };
    expect(codesByDate(await booked(first, policy({}, whole)))).toEqual([[broken], [law], [law]]);
  });

  test('a gap stops the voucher of its payout too', async () => {
    const paid = `${threeDays}
      2026-03-05 funds payout-scheduled x - -281.00
    `;
    const dates = await booked(without(ledger(paid), 'p2'), policy({ grouping: 'payout' }));
    expect(dates.map(isDeliverable)).toEqual([true, false, true, true, false]);
    expect(findings(dates, 'error')).toContain('error payout-group-blocked');
  });

  test('a date that waits for the next may come again meanwhile', async () => {
    const [before, gap, after, last] = ledger(threeDays) as [LedgerDate, LedgerDate, LedgerDate, LedgerDate];
    // p3 of the date is told among the entries of the next.
    const late = `
      2026-03-01 funds capture p0 api:1  1.00
      2026-03-02 funds capture p1 api:1 10.00
      2026-03-03 funds capture p4 api:1 40.00
      2026-03-02 funds capture p3 api:1 30.00
      2026-03-03 funds capture p5 api:1 50.00
    `;
    const [first, waits, closes] = ledger(late) as [LedgerDate, LedgerDate, LedgerDate];
    const dates = await booked([first, waits, waits, closes]);
    expect(dates.map(({ date, vouchers }) => `${date}: ${vouchers.length}`)).toEqual([
      '2026-03-01: 1',
      '2026-03-02: 1',
      '2026-03-02: 0',
      '2026-03-03: 1',
    ]);
    expect(codesByDate(dates)).toEqual([[], ['info dates-interleaved'], ['info delivered-twice'], []]);
    expect(codesByDate(await booked([before, gap, after, last]))).toEqual([[], [], [], []]);
    // What came again says nothing of the gap: whether it closes is seen at the next date.
    const [lost] = without([gap], 'p2') as [LedgerDate];
    const law = 'error balance-law';
    expect(codesByDate(await booked([before, lost, lost, after]))).toEqual([
      [],
      [broken],
      ['info delivered-twice'],
      [law],
    ]);
  });

  const needed = 'error next-date-needed';

  test('a date whose chain needs the next says so, also across days without entries', async () => {
    const late = `
      2026-03-01 funds capture p0 api:1  1.00
      2026-03-02 funds capture p1 api:1 10.00
      2026-03-05 funds capture p4 api:1 40.00
      2026-03-02 funds capture p3 api:1 30.00
      2026-03-05 funds capture p5 api:1 50.00
    `;
    const [first, waits, closes] = ledger(late) as [LedgerDate, LedgerDate, LedgerDate];
    const quiet = (day: string): LedgerDate => ({ ...waits, date: plainDate(day), entries: [] });
    const between = [quiet('2026-03-03'), quiet('2026-03-04')];
    expect(codesByDate(await booked([first, waits]))).toEqual([[], [needed]]);
    expect(codesByDate(await booked([first, waits, ...between]))).toEqual([[], [needed], [], []]);
    const whole = await booked([first, waits, ...between, closes]);
    expect(codesByDate(whole)).toEqual([[], ['info dates-interleaved'], [], [], []]);
    expect(whole.map(({ date }) => date)).toEqual([first, waits, ...between, closes].map(({ date }) => date));
    const [action] = (await booked([first, waits]))[1]?.findings.map((finding) => finding.action) ?? [];
    expect(action).toContain('fetch the next date');
    // A next date that is open may bring more; one that is closed does not.
    const none = (date: LedgerDate, closed: boolean): LedgerDate => {
      return { ...date, accounts: { funds: { closed } }, entries: date.entries.slice(1) };
    };
    expect(codesByDate(await booked([first, waits, none(closes, false)]))[1]).toEqual([needed]);
    expect(codesByDate(await booked([first, waits, none(closes, true)]))[1]).toEqual([broken]);
  });

  test('a quiet date closes no gap, and makes none', async () => {
    const [before, gap, , last] = without(ledger(threeDays), 'p2') as [LedgerDate, LedgerDate, LedgerDate, LedgerDate];
    const quiet = { ...gap, date: plainDate('2026-03-03'), entries: [] };
    const dates = await booked([before, gap, quiet, last]);
    expect(codesByDate(dates)).toEqual([[], [broken], [], ['error balance-law']]);
    // Nothing is known of the balance until it is told again.
    expect(dates.map((date) => date.balances[0].funds.provider)).toEqual([100, 4100, 4100, 28_100]);
  });

  test('dates without balances in the middle neither make a gap nor hide one', async () => {
    const [zeroth, first, second, third] = ledger(threeDays) as [LedgerDate, LedgerDate, LedgerDate, LedgerDate];
    const untold = { ...second, entries: ledger(threeDays, { balances: false })[2]?.entries ?? [] };
    expect(findings(await booked([zeroth, first, untold, third]), 'info')).toEqual([]);
    const short = { ...untold, entries: untold.entries.slice(1) };
    expect(findings(await booked([zeroth, first, short, third]))).toContain(broken);
    // After a gap that cannot close, the next balance told is a new beginning.
    const gap = without([first], 'p2');
    expect(codesByDate(await booked([zeroth, ...gap, untold, third]))).toEqual([
      [],
      [broken],
      [],
      ['error balance-law'],
    ]);
  });

  test('one balance alone is no arithmetic', async () => {
    const [date] = ledger(threeDays) as [LedgerDate];
    const alone = (more: object): LedgerDate => ({
      ...date,
      entries: ledger(threeDays, { balances: false })[0]?.entries.map((entry) => ({ ...entry, ...more })) ?? [],
    });
    expect(findings(await booked([alone({ balanceBefore: amount(7) })]), 'info')).toEqual([]);
    expect(findings(await booked([alone({ balanceAfter: amount(7) })]), 'info')).toEqual([]);
  });

  test('a wrong opening is said of a quiet date after a payout too', async () => {
    const paid = ledger('2026-03-02 funds payout-scheduled x - -5.00', { openings: { funds: 700 } });
    const quiet = { ...(paid[0] as LedgerDate), date: plainDate('2026-03-03'), entries: [] };
    const dates = await booked([...paid, quiet], policy({ grouping: 'payout' }));
    expect(codesByDate(dates)).toEqual([['error opening-differs'], ['error opening-differs']]);
  });

  test('a balance told without entries is where the chain stands, the first time it is told', async () => {
    const told = (date: LedgerDate, opening: number): LedgerDate => ({
      ...date,
      accounts: { funds: { closed: true, opening: amount(opening) } },
    });
    const [first, second, third] = ledger(days) as [LedgerDate, LedgerDate, LedgerDate];
    expect(findings(await booked([told(first, 0), second, third]))).toEqual([]);
    const missed = await booked([told(first, 500), second, third]);
    expect(findings(missed)).toEqual(expect.arrayContaining(['error opening-differs', 'error chain-broken']));
    // A lost date is lost although the next one tells where it begins.
    const next = third.entries[0]?.balanceBefore as number;
    expect(findings(await booked([told(first, 0), told(third, next)]))).toContain('error chain-broken');
  });

  test('dates that share a chain may come twice', async () => {
    const fees = `
      2026-03-09 fees capture-fee d1 api:1 -3.50
      2026-03-10 fees capture-fee d2 api:1 -7.00
      2026-03-09 fees capture-fee d3 api:1 -1.00
    `;
    const dates = await booked(ledger(fees, { fees: 'ledger' }).flatMap((date) => [date, date]));
    expect(dates.map(({ date, vouchers }) => [date, vouchers.length])).toEqual([
      ['2026-03-09', 1],
      ['2026-03-09', 0],
      ['2026-03-10', 1],
      ['2026-03-10', 0],
    ]);
    expect(findings(dates)).toEqual([]);
  });

  test('dates out of order and entries of another day or currency are not booked', async () => {
    const [first, second] = ledger(days);
    expect(findings(await booked([second as LedgerDate, first as LedgerDate]))).toContain('error dates-out-of-order');
    const moved = { ...(first as LedgerDate), date: plainDate('2026-03-01') };
    expect(findings(await booked([moved]))).toContain('error entry-misplaced');
    expect(findings(await booked([{ ...(first as LedgerDate), currency: 'DKK' }]))).toContain('error entry-misplaced');
  });

  test('retained fees that differ between the two accounts stop delivery', async () => {
    const rows = `
      2026-03-02 funds capture       p1 api:1 10.00
      2026-03-02 funds fees-retained f1 -     -1.00
      2026-03-02 fees  capture-fee   p1 api:1 -0.90
      2026-03-02 fees  fees-retained f1 -      0.90
    `;
    const dates = await booked(ledger(rows, { fees: 'ledger' }));
    expect(findings(dates)).toEqual(['error fees-retained-differ', 'error balance-law']);
  });

  test('each row of retained fees on funds carries the one on fees with its amount', async () => {
    const rows = `
      2026-03-02 funds capture       p1 api:1 10.00
      2026-03-02 funds fees-retained f1 -     -1.00
      2026-03-02 funds fees-retained f2 -     -2.00
      2026-03-02 funds fees-retained f3 -     -1.00
      2026-03-02 fees  capture-fee   p1 api:1 -4.00
      2026-03-02 fees  fees-retained g1 -      2.00
      2026-03-02 fees  fees-retained g2 -      1.00
      2026-03-02 fees  fees-retained g3 -      1.00
    `;
    const [date] = ledger(rows, { fees: 'ledger' }) as [LedgerDate];
    const names = new Map(date.entries.map((entry) => [entry.id, entry.pspReference]));
    const [day] = await booked([date]);
    const settled = (day?.vouchers[0]?.lines ?? []).filter((line) => line.role === 'clearing' && line.amount < 0);
    expect(settled.map(({ facts }) => facts.map((id) => names.get(id)))).toEqual([
      ['f1', 'g2'],
      ['f2', 'g1'],
      ['f3', 'g3'],
    ]);
    const differing = { ...date, entries: date.entries.filter((entry) => entry.pspReference !== 'g3') };
    const [said] = await booked([differing]);
    const finding = said?.findings.find(({ code }) => code === 'fees-retained-differ');
    expect(finding?.facts?.map((id) => names.get(id)).sort()).toEqual(['f1', 'f2', 'f3', 'g1', 'g2']);
  });

  test('retained fees without their twin on funds', async () => {
    const rows = '2026-03-02 fees fees-retained f1 - 0.90';
    const dates = await booked(ledger(rows, { fees: 'ledger' }));
    expect(findings(dates)).toContain('error fees-retained-without-twin');
  });
});

describe('the cut-over', () => {
  test('nothing earlier is booked', async () => {
    const dates = await booked(ledger(days, { balances: false }), policy({ from: '2026-03-04' }));
    expect(dates.map((date) => date.vouchers.length)).toEqual([0, 0, 1]);
    expect(dates[0]?.findings[0]).toMatchObject({ code: 'before-cut-over', severity: 'info' });
    expect(dates[0]?.findings[0]?.facts?.length).toBe(2);
  });

  test('its openings are proved against the first balance', async () => {
    const reading = { openings: { funds: 123_450 } };
    expect(
      findings(await booked(ledger(days, reading), policy({}, { openings: { '302321': { funds: 123_450 } } }))),
    ).toEqual([]);
    const unproved = await booked(ledger(days, reading));
    expect(findings(unproved)).toContain('error opening-differs');
    expect(unproved[0]?.findings.find((finding) => finding.code === 'opening-differs')?.action).toBe(
      'set openings["302321"].funds to 123450 (minor units), or choose another cut-over',
    );
  });

  test('a wrong one is one cause on every date, until something else is wrong too', async () => {
    const reading = { openings: { funds: 123_450 } };
    const dates = await booked(ledger(days, reading));
    expect(dates.map((date) => findings([date]))).toEqual(dates.map(() => ['error opening-differs']));
    const [one, ...others] = gatherFindings(dates.flatMap((date) => date.findings));
    expect(others).toEqual([]);
    expect(one).toMatchObject({ date: '2026-03-02', lastDate: '2026-03-04', dateCount: 3 });
    expect(one?.where).toBe('ledger 302321, 2026-03-02 to 2026-03-04 (3 dates)');
    const lost = without(ledger(days, reading), 'p3');
    expect((await booked(lost)).map((date) => findings([date]))).toEqual([
      ['error opening-differs'],
      ['error opening-differs'],
      ['error opening-differs', 'error chain-broken'],
    ]);
  });

  test('opening fees are proved by the first fee, whenever it comes', async () => {
    const rows = `
      2026-03-02 funds capture     p1 api:1 10.00
      2026-03-05 fees  capture-fee p1 api:1 -1.00
    `;
    const dates = await booked(ledger(rows, { fees: 'ledger', openings: { fees: -700 } }));
    expect(findings(dates)).toContain('error opening-differs');
    expect(
      findings(
        await booked(
          ledger(rows, { fees: 'ledger', openings: { fees: -700 } }),
          policy({}, { openings: { '302321': { fees: -700 } } }),
        ),
      ),
    ).toEqual([]);
  });
});

describe('open dates', () => {
  test('are a preview, and do not keep later closed dates from being booked', async () => {
    const dates = await booked(ledger(days, { open: ['2026-03-03'] }));
    expect(dates.map((date) => date.bookable)).toEqual([true, false, true]);
    expect(dates.map(isDeliverable)).toEqual([true, false, true]);
    expect(findings(dates, 'info')).toEqual(['info date-open']);
  });
});

describe('entries that come to nothing', () => {
  test('a zero amount is said, not posted', async () => {
    const dates = await booked(ledger('2026-03-02 funds capture p1 api:1 0.00'));
    expect(dates[0]?.vouchers).toEqual([]);
    expect(findings(dates, 'info')).toEqual(['info zero-amount']);
  });

  test('summaries that cancel out make no voucher, and say so', async () => {
    const rows = `
      2026-03-02 funds correction c1 -  1.00
      2026-03-02 funds correction c2 - -1.00
    `;
    const dates = await booked(ledger(rows), policy({ lines: 'summary' }));
    expect(dates[0]?.vouchers).toEqual([]);
    expect(findings(dates, 'info')).toContain('info nothing-to-post');
  });

  test('a quiet date has no voucher', async () => {
    const quiet: LedgerDate = {
      ledgerId: '302321',
      date: plainDate('2026-03-02'),
      currency: 'NOK',
      accounts: { funds: { closed: true } },
      entries: [],
    };
    const dates = await booked([quiet]);
    expect(journal(dates)).toBe(text(''));
    expect(findings(dates, 'info')).toEqual([]);
  });
});
