import { plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { startTripletexSimulator } from '@bilag/simulator-tripletex';
import { Caller, even, start } from './caller.ts';

describe('the simulated Tripletex is as awkward as the real one', () => {
  test('it takes the same external number again and again', async () => {
    await using started = await start();
    const { caller } = started;
    const voucher = await caller.voucher(even);
    expect((await caller.ask('POST', '/ledger/voucher', voucher)).status).toBe(201);
    expect((await caller.ask('POST', '/ledger/voucher', voucher)).status).toBe(201);
    expect(
      caller.simulator.backDoor
        .company()
        .holding('A-1')
        .map(({ number }) => number),
    ).toEqual([1, 2]);
  });

  test('a VAT type left out is code 0, whatever the account’s own', async () => {
    await using started = await start();
    const { caller } = started;
    const refused = await caller.ask(
      'POST',
      '/ledger/voucher',
      await caller.voucher([
        ['1920', 125],
        ['3000', -125],
      ]),
    );
    expect(refused.body.validationMessages?.[0]?.field).toBe('postings.vatType.id');
    const open = await caller.ask(
      'POST',
      '/ledger/voucher',
      await caller.voucher([
        ['1920', 125],
        ['7790', -125],
      ]),
    );
    expect(open.body.value?.postings?.map((posting) => posting['row'])).toEqual([1, 2]);
  });

  test('it adds the VAT of each code on row 0, and tells amounts with their cents', async () => {
    await using started = await start();
    const { caller } = started;
    const rows = [
      ['1920', 150.1],
      ['3000', -100.05, 3],
      ['3000', -0.05, 3],
      ['3002', -50, 32],
    ] as const;
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(rows));
    const added = body.value?.postings?.filter((posting) => posting['systemGenerated'] === true);
    expect(added?.map((posting) => [posting['row'], posting['amountGross']])).toEqual([
      [0, -20.02],
      [0, -5.36],
    ]);
    const balances = caller.simulator.backDoor.company().balances();
    expect(Object.values(balances).reduce((total, balance) => total + balance, 0)).toBe(0);
    expect(balances).toMatchObject({ '3000': -8008, '2700': -2002, '3002': -4464, '2702': -536 });
  });

  test('reverse charge is owed and deducted, or without a deduction part of the cost', async () => {
    await using started = await start();
    const { caller } = started;
    const balances = (): object => caller.simulator.backDoor.company().balances();
    const rows = (code: number) =>
      [
        ['7790', 100, code],
        ['1579', -100],
      ] as const;
    await caller.ask('POST', '/ledger/voucher', await caller.voucher(rows(34)));
    expect(balances()).toEqual({ '7790': 10_000, '1579': -10_000, '2710': 2_500, '2703': -2_500 });
    await caller.ask('POST', '/ledger/voucher', await caller.voucher(rows(35)));
    expect(balances()).toEqual({ '7790': 22_500, '1579': -20_000, '2710': 2_500, '2703': -5_000 });
  });

  test('ids are no numbers, and those of one company are nothing in another', async () => {
    await using started = await start({ companies: [{ id: 11 }, { id: 12 }] });
    const { caller } = started;
    const id = await caller.accountId('1920');
    expect(id).not.toBe(1920);
    await using other = await start({ companies: [{ id: 12 }] });
    expect(await other.caller.accountId('1920')).not.toBe(id);
  });

  test.for<[string, object, string]>([
    ['row 0', { row: 0 }, 'postings.row'],
    ['an account by number', { account: { number: 1920 } }, 'postings.account.name'],
    ['gross that is not the gross in currency', { amountGrossCurrency: 99 }, 'postings.amountGross'],
    ['a sum that is not 0', { amountGross: 99, amountGrossCurrency: 99 }, ''],
    ['a VAT type of another number', { vatType: { id: 33 } }, 'postings.vatType.id'],
  ])('it refuses %s', async ([, change, field]) => {
    await using started = await start();
    const { caller } = started;
    const voucher = (await caller.voucher(even)) as { postings: object[] };
    voucher.postings[0] = { ...voucher.postings[0], ...change };
    const { status, body } = await caller.ask('POST', '/ledger/voucher', voucher);
    expect([status, body.code, body.validationMessages?.[0]?.field]).toEqual([422, 18_000, field]);
    expect(caller.simulator.backDoor.company().vouchers()).toEqual([]);
  });

  test('a range ends before its last date, and a list is cut into pages', async () => {
    await using started = await start();
    const { caller } = started;
    const company = caller.simulator.backDoor.company();
    for (const day of ['2026-03-30', '2026-03-31', '2026-04-01'] as const) {
      company.type({
        date: plainDate(day),
        description: 'x',
        rows: even.map(([account, amount]) => ({ account, amount })),
      });
    }
    const march = '/ledger/voucher?dateFrom=2026-03-01&dateTo=2026-03-31&fields=date';
    expect((await caller.ask('GET', march)).body.values).toEqual([{ date: '2026-03-30' }]);
    const second = '/ledger/voucher?dateFrom=2026-03-01&dateTo=2026-05-01&from=1&count=1&fields=date';
    expect((await caller.ask('GET', second)).body.values).toEqual([{ date: '2026-03-31' }]);
  });

  test('objects inside are stubs until they are asked for, and a wrong name is an error', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
    const path = `/ledger/voucher/${body.value?.id ?? 0}`;
    expect(Object.keys((await caller.ask('GET', path)).body.value?.postings?.[0] ?? {})).toEqual(['id', 'url']);
    const asked = await caller.ask('GET', `${path}?fields=postings(row,account(number))`);
    expect(asked.body.value?.postings?.[0]).toEqual({ row: 1, account: { number: 1920 } });
    expect((await caller.ask('GET', `${path}?fields=postings(acount)`)).body.code).toBe(11_000);
  });

  test('reversing twice reverses twice', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
    const path = `/ledger/voucher/${body.value?.id ?? 0}/:reverse?date=2026-03-05`;
    expect((await caller.ask('PUT', path)).status).toBe(200);
    expect((await caller.ask('PUT', path)).status).toBe(200);
    expect(caller.simulator.backDoor.company().balances()).toEqual({ '1579': 10_000, '1920': -10_000 });
  });

  test('it counts requests, and says when to come back, or does not', async () => {
    for (const tellsReset of [true, false]) {
      await using started = await start({ rateLimit: { requests: 1, windowMs: 10_000 }, tellsReset });
      const { caller } = started;
      const first = await caller.ask('GET', '/token/session/>whoAmI');
      expect(first.headers.get('x-rate-limit-remaining')).toBe('0');
      const second = await caller.ask('GET', '/token/session/>whoAmI');
      expect([second.status, second.headers.get('x-rate-limit-reset')]).toEqual([429, tellsReset ? '10' : null]);
    }
  });

  test('a session ends, and a company that is not the token’s is closed to it', async () => {
    await using started = await start();
    const { caller } = started;
    const token = Buffer.from(caller.authorization.slice(6), 'base64').toString().slice(2);
    const elsewhere = new Caller(caller.simulator, `Basic ${Buffer.from(`99:${token}`).toString('base64')}`);
    expect((await elsewhere.ask('GET', '/ledger/account')).status).toBe(403);
    caller.simulator.expireSessions();
    expect((await caller.ask('GET', '/ledger/account')).body.code).toBe(3000);
  });
});

test('two companies cannot share an id', async () => {
  await expect(startTripletexSimulator({ companies: [{ id: 1 }, { id: 1 }] })).rejects.toThrow('share the id 1');
});
