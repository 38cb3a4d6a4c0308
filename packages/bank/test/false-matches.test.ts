import { amount } from '@bilag/core';
import { camt053Files, camt054Files } from '@bilag/simulator-bank';
import { describe, expect, test } from 'vitest';
import { checkDecision, linesOfStatements, payoutPattern, proveStatements } from '../src/index.ts';
import {
  credit,
  linesIn,
  march,
  matched,
  matchLines,
  on,
  ownAccount,
  payout,
  read,
  sender,
  shown,
  sumOfFacts,
  textOf,
} from './bank-samples.ts';

describe('what names a payout', () => {
  test('a line with number, unit, amount and account of a payout is booked', async () => {
    const matching = await matched([payout(2000045, 15000)], [credit('2026-03-04', 15000, textOf(2000045))]);
    expect(shown(matching)).toEqual(['2026-03-04 matched 302321-2000045']);
    expect(matching.facts).toMatchObject([
      {
        ledgerId: '302321',
        date: '2026-03-04',
        amount: 15000,
        currency: 'NOK',
        payoutReference: '302321-2000045',
        text: null,
      },
    ]);
    expect(matching.findings).toEqual([]);
  });

  test('two payouts of one amount on one day, of two shops, are told apart by their units (trap 1)', async () => {
    const shops = [payout(2000045, 15000), payout(2000045, 15000, { ledgerId: '302322', units: ['NO:57861'] })];
    const lines = [
      credit('2026-03-04', 15000, textOf(2000045, 57861)),
      credit('2026-03-04', 15000, textOf(2000045, 57860)),
    ];
    expect(shown(await matched(shops, lines)).toSorted()).toEqual([
      '2026-03-04 matched 302321-2000045',
      '2026-03-04 matched 302322-2000045',
    ]);
  });

  test('the same amount on two days in a row is told apart by the numbers (trap 2)', async () => {
    const payouts = [payout(2000045, 15000), payout(2000046, 15000, { date: on('2026-03-03') })];
    const lines = [credit('2026-03-04', 15000, textOf(2000045)), credit('2026-03-05', 15000, textOf(2000046))];
    expect(shown(await matched(payouts, lines))).toEqual([
      '2026-03-04 matched 302321-2000045',
      '2026-03-05 matched 302321-2000046',
    ]);
  });

  test('without a text, two payouts of one amount are for a person (trap 2)', async () => {
    const payouts = [payout(2000045, 15000), payout(2000046, 15000, { date: on('2026-03-03') })];
    const matching = await matched(payouts, [credit('2026-03-05', 15000, 'Overføring')]);
    expect(shown(matching)).toEqual(['2026-03-05 ambiguous 302321-2000045 302321-2000046']);
    expect(matching.facts).toEqual([]);
  });

  test('a text that is wrapped over two fields is put together (trap 3)', async () => {
    const camt = { version: '08', textIn: 'two-Ustrd', per: 'month' } as const;
    const lines = [credit('2026-03-04', 15000, textOf(2000045))];
    expect(shown(await matched([payout(2000045, 15000)], lines, { camt }))).toEqual([
      '2026-03-04 matched 302321-2000045',
    ]);
  });

  test('a text beside the entry alone is found (trap 4)', async () => {
    const camt = { version: '02', textIn: 'AddtlNtryInf', per: 'month' } as const;
    const lines = [credit('2026-03-04', 15000, textOf(2000045))];
    expect(shown(await matched([payout(2000045, 15000)], lines, { camt }))).toEqual([
      '2026-03-04 matched 302321-2000045',
    ]);
  });

  test('number and unit are found in either order (trap 18)', async () => {
    const lines = [credit('2026-03-04', 15000, 'Utb. 1234567 Vippsnr 2000045')];
    const one = payout(2000045, 15000, { units: ['api:1234567'] });
    expect(shown(await matched([one], lines))).toEqual(['2026-03-04 matched 302321-2000045']);
  });

  test('where either number may be the unit of the other, a person decides (trap 18)', async () => {
    const lines = [credit('2026-03-04', 15000, 'Utb. 2000045 Vippsnr 2000777')];
    const two = [
      payout(2000045, 15000, { units: ['api:2000777'] }),
      payout(2000777, 15000, { ledgerId: '302322', units: ['api:2000045'] }),
    ];
    expect(shown(await matched(two, lines))).toEqual(['2026-03-04 ambiguous 302321-2000045 302322-2000777']);
  });

  test('a number without its unit names nothing: then amount and date make it likely, and a person decides', async () => {
    const matching = await matched([payout(2000045, 15000)], [credit('2026-03-04', 15000, 'Utb. 2000045')]);
    expect(shown(matching)).toEqual(['2026-03-04 likely 302321-2000045']);
    expect(matching.facts).toEqual([]);
    expect(matching.findings).toMatchObject([{ code: 'bank-line-likely', severity: 'warning' }]);
  });

  test('in Denmark and Finland the text of unit and date names it', async () => {
    const danish = payout(2000045, 15000, { currency: 'DKK', units: ['DK:90603'], texts: ['00090603001020326'] });
    const lines = [credit('2026-03-03', 15000, '02 00090603 001 020326 4')];
    const matching = await matched([danish], lines, { account: { currency: 'DKK' } });
    expect(shown(matching)).toEqual(['2026-03-03 matched 302321-2000045']);
  });
});

describe('what only looks like a payout', () => {
  test('money from person to person with the amount of a payout and the same sender is for a person (trap 5)', async () => {
    const matching = await matched([payout(2000045, 15000)], [credit('2026-03-04', 15000, 'Fra Kari, takk for sist')]);
    expect(shown(matching)).toEqual(['2026-03-04 likely 302321-2000045']);
    expect(matching.facts).toEqual([]);
  });

  test('a refund of a supplier with the amount of a payout is not one (trap 6)', async () => {
    const lines = [credit('2026-03-04', 15000, 'Kreditnota 4711', { counterparty: 'Grossisten AS' })];
    expect(shown(await matched([payout(2000045, 15000)], lines))).toEqual(['2026-03-04 unrelated']);
  });

  test('money long after a payout is not taken for it', async () => {
    const matching = await matched([payout(2000045, 15000)], [credit('2026-03-30', 15000, 'Overføring')]);
    expect(shown(matching)).toEqual(['2026-03-30 unrelated']);
  });

  test('a text like a payout of a unit that nobody knows waits for a person', async () => {
    const pattern = payoutPattern([{ bankDays: 2, texts: ['Utb. {number} Vippsnr {unit}'] }], ['NO:57860']);
    const lines = [credit('2026-03-04', 15000, textOf(2000045, 999999))];
    const matching = await matched([payout(2000045, 15000)], lines, pattern === undefined ? {} : { pattern });
    expect(shown(matching)).toEqual(['2026-03-04 conflict']);
    expect(matching.findings).toMatchObject([{ code: 'bank-line-conflict', amount: 15000 }]);
  });
});

describe('what contradicts', () => {
  const one = [payout(2000045, 15000)];

  test('another amount than the payout is a conflict that shows both', async () => {
    const matching = await matched(one, [credit('2026-03-04', 15027, textOf(2000045))]);
    expect(shown(matching)).toEqual(['2026-03-04 conflict 302321-2000045']);
    expect(matching.findings[0]?.message).toContain('payout 302321-2000045 is 150.00, and the bank has 150.27');
  });

  test('a payout that was taken back and sent again is booked once, and the rest is for a person (trap 7)', async () => {
    const lines = [
      credit('2026-03-04', 15000, textOf(2000045)),
      credit('2026-03-05', -15000, textOf(2000045), { isReversal: true }),
      credit('2026-03-06', 15000, textOf(2000045)),
    ];
    const matching = await matched(one, lines);
    expect(shown(matching)).toEqual([
      '2026-03-04 matched 302321-2000045',
      '2026-03-05 conflict 302321-2000045',
      '2026-03-06 conflict 302321-2000045',
    ]);
    const [, back, again] = matching.matches;
    const decision = {
      number: 1,
      kind: 'match',
      lines: [back?.line.id ?? '', again?.line.id ?? ''],
      payouts: ['302321-2000045'],
    } as const;
    const settled = await matched(one, lines, { decisions: [decision] });
    expect(shown(settled).map((line) => line.split(' ')[1])).toEqual(['matched', 'matched', 'matched']);
    expect(sumOfFacts(settled)).toBe(15000);
    expect(settled.findings).toEqual([]);
  });

  test('two lines of one day with the name of one payout are both for a person', async () => {
    const lines = [credit('2026-03-04', 15000, textOf(2000045)), credit('2026-03-04', 15000, textOf(2000045))];
    const matching = await matched(one, lines);
    expect(matching.matches.map(({ outcome }) => outcome)).toEqual(['ambiguous', 'ambiguous']);
    expect(matching.facts).toEqual([]);
  });

  test('a second line on a later day changes nothing of the first', async () => {
    const lines = [credit('2026-03-04', 15000, textOf(2000045)), credit('2026-03-09', 15000, textOf(2000045))];
    const [first, second] = (await matched(one, lines)).matches;
    expect([first?.outcome, second?.outcome]).toEqual(['matched', 'conflict']);
    expect(second?.reason).toContain('matched already');
  });

  test('a payout that was aborted after the bank had booked it is told (trap 11)', async () => {
    const aborted = [payout(2000045, 15000, { aborted: on('2026-03-06') })];
    const matching = await matched(aborted, [credit('2026-03-04', 15000, textOf(2000045))]);
    expect(shown(matching)).toEqual(['2026-03-04 matched 302321-2000045']);
    expect(matching.findings).toMatchObject([
      { code: 'payout-aborted-after-arrival', severity: 'error', amount: 15000 },
    ]);
  });

  test('a payout that was aborted before the money came is a conflict (trap 11)', async () => {
    const aborted = [payout(2000045, 15000, { aborted: on('2026-03-03') })];
    expect(shown(await matched(aborted, [credit('2026-03-04', 15000, textOf(2000045))]))).toEqual([
      '2026-03-04 conflict 302321-2000045',
    ]);
  });

  test('money on another account than the ledger says is a conflict (trap 12)', async () => {
    const matching = await matched(one, [credit('2026-03-04', 15000, textOf(2000045))], {
      account: { number: '12345678911' },
    });
    expect(shown(matching)).toEqual(['2026-03-04 conflict 302321-2000045']);
    expect(matching.findings[0]?.message).toContain('goes to account …7947, and came to …8911');
  });

  test('euros paid to an account in kroner are for a person (trap 16)', async () => {
    const euro = [payout(2000045, 15000, { currency: 'EUR' })];
    expect(shown(await matched(euro, [credit('2026-03-04', 174525, textOf(2000045))]))).toEqual([
      '2026-03-04 conflict 302321-2000045',
    ]);
  });
});

describe('what comes in several files', () => {
  test('a line of a statement that comes in a notification too is one line (trap 8)', async () => {
    const account = march([credit('2026-03-04', 15000, textOf(2000045))]);
    const files = [
      ...camt053Files(account, { version: '02', textIn: 'Ustrd' }),
      ...camt054Files(account, { version: '02', textIn: 'AddtlNtryInf' }),
    ];
    const matching = matchLines([payout(2000045, 15000)], await linesIn(files));
    expect(shown(matching)).toEqual(['2026-03-04 matched 302321-2000045']);
    expect(sumOfFacts(matching)).toBe(15000);
  });

  test('a notification explains an entry that names nothing itself (trap 8)', async () => {
    const silent = march([credit('2026-03-04', 15000, 'Sum innbetalinger')]);
    const telling = march([credit('2026-03-04', 15000, textOf(2000045))]);
    const files = [...camt053Files(silent, { version: '02' }), ...camt054Files(telling, { version: '02' })];
    expect(shown(matchLines([payout(2000045, 15000)], await linesIn(files)))).toEqual([
      '2026-03-04 matched 302321-2000045',
    ]);
  });

  test('a statement that is delivered twice, and a month over its days, change nothing (trap 9)', async () => {
    const account = march([credit('2026-03-04', 15000, textOf(2000045))], { otherRows: 3 });
    const days = camt053Files(account, { version: '08' });
    const once = await linesIn(days);
    const again = days.map((file) => ({ ...file, name: `copy-of-${file.name}` }));
    const whole = camt053Files(account, { version: '08', per: 'month' });
    for (const files of [
      [...days, ...again],
      [...whole, ...days],
      [...days, ...whole],
      [...again, ...whole, ...days],
    ]) {
      expect((await linesIn(files)).map(({ id }) => id)).toEqual(once.map(({ id }) => id));
    }
  });

  test('equal rows of one day are as many as there are, in whatever files they come', async () => {
    const same = credit('2026-03-04', 4900, 'Kaffe', { counterparty: 'Kari' });
    const account = march([same, same, same]);
    const days = camt053Files(account, { version: '02' });
    // The bank's own references set them apart; without them they are equal.
    const bare = (file: { readonly name: string; readonly bytes: Uint8Array }): typeof file => ({
      ...file,
      bytes: Buffer.from(
        Buffer.from(file.bytes)
          .toString()
          .replaceAll(/<AcctSvcrRef>[^<]*<\/AcctSvcrRef>/g, ''),
      ),
    });
    const month = camt053Files(account, { version: '02', per: 'month' }).map(bare);
    const lines = await linesIn([...days.map(bare), ...month]);
    expect(lines).toHaveLength(3);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(3);
  });

  test('three payouts after a weekend, and six after Easter, each find their line (trap 10)', async () => {
    const payouts = [45, 46, 47, 48, 49, 50].map((number) =>
      payout(2_000_000 + number, 15000, { date: on('2026-03-02') }),
    );
    const lines = payouts.map(({ number }) => credit('2026-03-10', 15000, textOf(Number(number))));
    const matching = await matched(payouts, lines);
    expect(matching.matches.map(({ outcome }) => outcome)).toEqual(payouts.map(() => 'matched'));
    expect(new Set(matching.facts.map(({ payoutReference }) => payoutReference)).size).toBe(6);
  });

  test('a closing balance of nothing that is marked as a debit proves itself (trap 13)', async () => {
    const account = march([credit('2026-03-04', -100_000, 'Overføring')]);
    const { proved, findings } = proveStatements(await read(camt053Files(account, { version: '02' })));
    expect(findings).toEqual([]);
    expect(proved.at(-1)?.closing).toBe(0);
  });

  test('a missing day leaves the next one out, and it is named (trap 14)', async () => {
    const files = camt053Files(march([credit('2026-03-04', 15000, textOf(2000045))]), { version: '02' });
    const without = files.filter(({ name }) => !name.includes('2026-03-04'));
    const { proved, findings } = proveStatements(await read(without));
    expect(findings).toMatchObject([
      { code: 'statement-missing', severity: 'error', amount: 15000, date: '2026-03-05' },
    ]);
    expect(proved.some(({ period }) => period?.from === '2026-03-05')).toBe(false);
    expect(proved).toHaveLength(without.length - 1);
  });

  test('money scheduled in the old year and booked in the new is booked in the new (trap 15)', async () => {
    const old = payout(2000045, 15000, { date: on('2025-12-31') });
    const account = march([credit('2026-01-02', 15000, textOf(2000045))], {
      from: on('2026-01-01'),
      to: on('2026-01-05'),
    });
    const { facts } = matchLines([old], await linesIn(camt053Files(account, { version: '02' })));
    expect(facts.map(({ date }) => date)).toEqual(['2026-01-02']);
  });

  test('the letters of a bank that writes ISO-8859-1 are read (trap 17)', async () => {
    const account = march([credit('2026-03-04', 15000, 'Kjøp på Ås & Øya')]);
    const lines = await linesIn(camt053Files(account, { version: '02', encoding: 'ISO-8859-1' }));
    expect(lines[0]?.texts).toEqual(['Kjøp på Ås & Øya']);
  });
});

describe('what a person decided', () => {
  const payouts = [payout(2000045, 15000), payout(2000046, 7000)];

  test('one line of two payouts is booked for each, to the øre', async () => {
    const lines = [credit('2026-03-04', 22000, 'Samlet utbetaling')];
    const [open] = (await matched(payouts, lines)).matches;
    expect(open?.outcome).toBe('unrelated');
    const decision = {
      number: 1,
      kind: 'match',
      lines: [open?.line.id ?? ''],
      payouts: ['302321-2000045', '302321-2000046'],
    } as const;
    const { facts } = await matched(payouts, lines, { decisions: [decision] });
    expect(facts.map(({ payoutReference, amount: value }) => [payoutReference, value])).toEqual([
      ['302321-2000045', 15000],
      ['302321-2000046', 7000],
    ]);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(2);
  });

  test('nobody can decide what no sum allows', async () => {
    const [one, other] = await linesIn(
      camt053Files(march([credit('2026-03-04', 22000, 'a'), credit('2026-03-05', 100, 'b')]), { version: '02' }),
    );
    if (one === undefined || other === undefined) throw new TypeError('the account has two lines');
    const [first, second] = payouts;
    if (first === undefined || second === undefined) throw new TypeError('there are two payouts');
    expect(() => checkDecision([one], [first, second])).not.toThrow();
    expect(() => checkDecision([one, other], [])).not.toThrow();
    expect(() => checkDecision([other], [first])).not.toThrow();
    expect(() => checkDecision([one], [first])).toThrow('come to 220.00 and the payouts to 150.00');
    expect(() => checkDecision([other], [first, second])).toThrow('nothing was decided');
    expect(() => checkDecision([one, other], [first, second])).toThrow('which of the lines is which');
    expect(() => checkDecision([other], [{ ...first, currency: 'EUR' }])).toThrow('the line is in NOK');
  });

  test('a line that is no payout asks nobody again', async () => {
    const lines = [credit('2026-03-04', 15000, 'Fra Kari')];
    const [open] = (await matched(payouts, lines)).matches;
    const decision = { number: 1, kind: 'unrelated', lines: [open?.line.id ?? ''], payouts: [] } as const;
    const { matches, findings } = await matched(payouts, lines, { decisions: [decision] });
    expect(matches[0]).toMatchObject({ outcome: 'unrelated', decision: 1 });
    expect(findings).toEqual([]);
  });

  test('a decision about a line that is gone is told, and books nothing', async () => {
    const decision = { number: 7, kind: 'match', lines: ['bank/gone'], payouts: ['302321-2000045'] } as const;
    const { facts, findings } = await matched(payouts, [], { decisions: [decision] });
    expect(facts).toEqual([]);
    expect(findings).toMatchObject([{ code: 'bank-decision-lost', severity: 'error' }]);
  });

  test('lines and their account are known by the same ids when their file is read again', async () => {
    const account = march([credit('2026-03-04', 15000, textOf(2000045))]);
    const [one] = await linesIn(camt053Files(account, { version: '02' }));
    const [other] = linesOfStatements(
      proveStatements(await read(camt053Files({ ...account, number: 'NO9386011117947' }, { version: '02' }))).proved,
    ).lines;
    expect(one?.id).toBe(other?.id);
    expect(one?.account).toBe(ownAccount);
    expect(one?.amount).toBe(amount(15000));
    expect(one?.parties).toEqual([sender]);
  });
});
