import { openCompany, type OpenCompany } from '@bilag/company';
import { amount, formatAmount, plainDate } from '@bilag/core';
import { camt053Files, type BankFile } from '@bilag/simulator-bank';
import { vipps as vippsSource } from '@bilag/vipps';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bankPaymentsOf } from '../src/demo/demo-bank.ts';
import { cafe, cafeConfig, clearBenches, createBench, keysOf, startSimulator, type Bench } from './bench.ts';

afterAll(clearBenches);

const account = '86011117947';
const policy = {
  versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' }, lines: 'summary', payouts: 'in-transit' }],
} as const;

/** The café's week at the bank: what came by its last ledger date. */
async function statements(
  change: (payments: Awaited<ReturnType<typeof bankPaymentsOf>>) => typeof payments = (all) => all,
): Promise<readonly BankFile[]> {
  const to = plainDate('2026-07-07');
  const payments = change(await bankPaymentsOf(cafe, to));
  const made = { number: account, currency: 'NOK', from: plainDate('2026-07-01'), to, payments, otherRows: 2 };
  return camt053Files(made, { version: '02' });
}

describe('the bank of a café', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = createBench();
    await using vipps = await startSimulator();
    bench.env = keysOf(vipps);
    bench.write(
      'bilag.config.json',
      cafeConfig(vipps.url, { policy, bankAccounts: { '302400': ['NO93 8601 1117 947'] } }),
    );
    await bench.run('fetch', '--to', '2026-07-07');
  });

  const give = (files: readonly BankFile[]): readonly string[] =>
    files.map(({ name, bytes }) => {
      bench.write(name, Buffer.from(bytes).toString());
      return name;
    });
  const json = async (...argv: readonly string[]): Promise<Shown> => {
    const ran = await bench.run(...argv, '--json');
    const [company] = (JSON.parse(ran.out) as { readonly companies: readonly [Omit<Shown, 'code'>] }).companies;
    return { ...company, code: ran.code };
  };
  const inTransit = async (): Promise<number> => (await json('book')).ledgers?.[0]?.balances.inTransit ?? Number.NaN;

  test('is taken in, matched and booked: from transit to the bank, on the bank’s date', async () => {
    const before = await inTransit();
    const imported = await json('bank', 'import', ...give(await statements()));
    expect(imported).toMatchObject({ code: 0, findings: [] });
    const { code, matches = [] } = await json('bank', 'matches');
    expect(code).toBe(0);
    const matched = matches.filter(({ outcome }) => outcome === 'matched');
    expect(matched.length).toBeGreaterThanOrEqual(3);
    const arrived = matched.reduce((total, match) => total + match.amount, 0);
    expect(await inTransit()).toBe(before - arrived);
    const { vouchers = [] } = await json('book');
    const bank = vouchers.filter(({ key }) => key.includes('.B'));
    expect(bank.map(({ date }) => date)).toEqual(matched.map(({ date }) => date));
    expect(bank[0]?.lines.map((line) => [line.account, line.amount])).toEqual([
      ['1920', matched[0]?.amount],
      [expect.any(String), -(matched[0]?.amount ?? 0)],
    ]);
  });

  test('changes nothing when it is imported again, under other names too', async () => {
    const files = await statements();
    await json('bank', 'import', ...give(files));
    const once = await json('book');
    const again = await bench.run(
      'bank',
      'import',
      ...give(files.map((file) => ({ ...file, name: `again-${file.name}` }))),
    );
    expect(again).toMatchObject({ code: 0, messages: '' });
    expect(again.out).toContain('known already');
    expect(await json('book')).toEqual(once);
  });

  test('a wrong amount waits for a person, whose decision is kept and can be taken back', async () => {
    const short = await statements(([first, ...rest]) =>
      first === undefined ? [] : [{ ...first, amount: amount(first.amount - 500) }, ...rest],
    );
    await json('bank', 'import', ...give(short));
    const waiting = await json('bank', 'matches');
    expect(waiting.code).toBe(3);
    const line = waiting.matches?.find(({ outcome }) => outcome === 'conflict');
    const told = { code: 'bank-line-conflict', severity: 'warning', date: line?.date };
    expect((await json('book')).findings).toContainEqual(expect.objectContaining(told));
    const before = await inTransit();
    const decided = await bench.run(
      'bank',
      'decide',
      line?.name ?? '',
      '--payout',
      line?.payouts[0]?.reference ?? '',
      '--note',
      'the bank took 5.00',
    );
    expect(decided).toMatchObject({ code: 0, out: expect.stringContaining('decision 1') as string });
    expect((await json('bank', 'matches')).code).toBe(0);
    expect(await inTransit()).toBe(before - (line?.amount ?? 0));
    expect((await json('book')).findings).toContainEqual(expect.objectContaining({ code: 'payout-short' }));

    expect((await bench.run('bank', 'decide', line?.name ?? '', '--unrelated')).messages).toContain('decided already');
    expect(await bench.run('bank', 'decide', '--take-back', '1')).toMatchObject({ code: 0 });
    expect((await json('bank', 'matches')).code).toBe(3);
    expect(await inTransit()).toBe(before);
    expect((await bench.run('bank', 'decide', '--take-back', '1')).code).toBe(3);
  });

  test('a line or a payout counts once: not twice in a decision, and not in two', async () => {
    const apart = await statements(([first, second, ...rest]) =>
      first === undefined || second === undefined
        ? []
        : [
            { ...first, amount: amount(first.amount * 2), text: 'from Oslo' },
            { ...second, amount: amount(second.amount - 1), text: 'from Bergen' },
            { ...second, amount: amount(2), text: 'from Voss' },
            ...rest,
          ],
    );
    await json('bank', 'import', ...give(apart));
    const { matches = [] } = await json('bank', 'matches', '--all');
    const [first, second] = await bankPaymentsOf(cafe, plainDate('2026-07-07'));
    const nameOf = (value: number): string => matches.find((line) => line.amount === value)?.name ?? '';
    const [whole, most, rest] = [2 * (first?.amount ?? 0), (second?.amount ?? 0) - 1, 2].map(nameOf);
    const decide = async (...argv: readonly string[]): ReturnType<Bench['run']> => bench.run('bank', 'decide', ...argv);
    const [one, other] = ['--payout=302400-2000001', '--payout=302400-2000002'];

    expect((await decide(whole ?? '', one, one)).messages).toContain('named twice');
    expect((await decide(rest ?? '', rest ?? '', other)).messages).toContain('named twice');
    expect(await decide(most ?? '', other)).toMatchObject({ code: 0 });
    const twice = await decide(rest ?? '', other);
    expect(twice).toMatchObject({ code: 3, messages: expect.stringContaining('has come by decision 1') as string });
    expect((await json('bank', 'matches', '--all')).matches).toHaveLength(matches.length);
  });

  test('of two people who decide about one line at once the second is refused', async () => {
    const short = await statements(([first, ...rest]) =>
      first === undefined ? [] : [{ ...first, amount: amount(first.amount - 500) }, ...rest],
    );
    await json('bank', 'import', ...give(short));
    const config: unknown = JSON.parse(readFileSync(bench.path('bilag.config.json'), 'utf8'));
    const open = async (): Promise<OpenCompany> =>
      openCompany(config, { folder: bench.path(), sources: [vippsSource] });
    await using kari = await open();
    await using ola = await open();
    const [match] = ((await ola.bank())?.matches ?? []).filter(({ outcome }) => outcome === 'conflict');
    if (match === undefined) throw new Error('no line waits');
    const asked = { lines: [match.line.id], payouts: match.payouts.map(({ reference }) => reference) };
    await kari.decideBankLines({ ...asked, note: 'the bank took 5.00' });
    await expect(ola.decideBankLines({ lines: asked.lines, payouts: [] })).rejects.toThrow(
      /somebody else decided it meanwhile: decision 1 .*the bank took 5\.00/,
    );
    expect((await json('bank', 'matches')).decisions).toHaveLength(1);
  });

  test('a broken CSV with balances is taken back for a good one; one that is booked is not', async () => {
    const [first, second] = await bankPaymentsOf(cafe, plainDate('2026-07-07'));
    if (first === undefined || second === undefined) throw new Error('too few payouts');
    const kroner = (value: number): string => formatAmount(amount(value)).replace('.', ',');
    const day = (date: string): string => date.split('-').toReversed().join('.');
    const csv = (lost: number): string =>
      [
        'Bokført dato;Beskrivelse;Ut;Inn;Saldo;KID',
        `${day(first.on)};${first.text};;${kroner(first.amount)};${kroner(100 + first.amount)};`,
        `${day(second.on)};${second.text};;${kroner(second.amount - lost)};${kroner(100 + first.amount + second.amount)};`,
      ].join('\n');
    bench.write('broken.csv', csv(700));
    bench.write('good.csv', csv(0));
    const importing = async (name: string): Promise<Shown> => json('bank', 'import', name, '--account', '86011117947');
    expect(await importing('broken.csv')).toMatchObject({ code: 1, findings: [{ code: 'statement-differs' }] });
    // The two tell of the same days, and nobody knows which is right.
    expect(await importing('good.csv')).toMatchObject({ code: 1 });
    const taken = await bench.run('bank', 'files', '--take-back', 'broken.csv');
    expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('broken.csv is taken back') as string });
    expect((await bench.run('bank', 'files')).out).toMatch(/good\.csv .*1 file\n$/s);
    const { code, matches = [] } = await json('bank', 'matches');
    expect({ code, are: matches.map(({ outcome }) => outcome) }).toEqual({ code: 0, are: ['matched', 'matched'] });

    const booked = await json('book');
    const refused = await bench.run('bank', 'files', '--take-back', 'good.csv');
    expect(refused).toMatchObject({ code: 3, messages: expect.stringContaining('nothing was taken back') as string });
    expect(refused.messages).toContain('is booked as payout 302400-2000001');
    expect(await json('book')).toEqual(booked);
    // The same rows in another file hold what is booked: then the first may go.
    bench.write('again.csv', `${csv(0)}\n`);
    await importing('again.csv');
    expect(await bench.run('bank', 'files', '--take-back', 'good.csv')).toMatchObject({ code: 0 });
    expect(await json('book')).toEqual(booked);
  });

  test('a file that is none is refused, and nothing of the others is taken in', async () => {
    const [first] = give(await statements());
    bench.write('holiday.txt', 'Dear diary');
    const { code, messages } = await bench.run('bank', 'import', first ?? '', 'holiday.txt');
    expect({ code, messages }).toMatchObject({ code: 1, messages: expect.stringContaining('holiday.txt') as string });
    expect((await json('bank', 'matches')).matches).toEqual([]);
  });

  test('before anything was fetched is refused, and no file is kept', async () => {
    const [name = ''] = give(await statements());
    bench.write('bilag.config.json', cafeConfig('http://127.0.0.1:1', { policy, archive: 'elsewhere' }));
    expect(await bench.run('bank', 'import', name)).toMatchObject({ code: 2, out: '' });
    expect(existsSync(bench.path('delivery', 'kafe.bank.sqlite'))).toBe(false);
  });

  test.for([
    [['bank', 'decide'], 'no line is named'],
    [['bank', 'decide', 'abc'], 'say either which payout'],
    [['bank', 'decide', 'abc', '--unrelated'], 'no line of the bank is called "abc"'],
    [['bank', 'decide', '--take-back', 'x'], 'not the number of a decision'],
    [['bank', 'import', 'nowhere.xml'], 'there is no such file'],
    [['bank', 'files', '--take-back', 'nowhere.xml'], 'no file of the bank is called "nowhere.xml"'],
  ] as const)('%j is answered with what to do', async ([argv, why]) => {
    const { code, messages } = await bench.run(...argv);
    expect(code).toBe(2);
    expect(messages).toContain(why);
  });
});

interface Shown {
  readonly code: number;
  readonly matches?: readonly {
    readonly name: string;
    readonly date: string;
    readonly amount: number;
    readonly outcome: string;
    readonly payouts: readonly { readonly reference: string }[];
  }[];
  readonly decisions?: readonly unknown[];
  readonly findings?: readonly unknown[];
  readonly ledgers?: readonly { readonly balances: { readonly inTransit: number } }[];
  readonly vouchers?: readonly {
    readonly key: string;
    readonly date: string;
    readonly lines: readonly { readonly account: string; readonly amount: number }[];
  }[];
}
