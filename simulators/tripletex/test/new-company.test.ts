import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/support.ts';
import { chartPresets } from '@bilag/core';
import { tripletexSimulation } from '../src/simulation.ts';
import { authorizationOf, Caller, even, start } from './caller.ts';

async function listed(
  caller: Pick<Caller, 'ask'>,
  path: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await caller.ask('GET', path)).body.values ?? [];
}

describe('a new company', () => {
  test('has the chart it gets, and not the accounts somebody still has to make', async () => {
    await using started = await start({ companies: [{ id: 12 }] });
    const numbers = (await listed(started.caller, '/ledger/account?fields=number')).map(({ number }) => number);
    expect(numbers).toEqual([...numbers].sort());
    for (const there of [1500, 1579, 1920, 2400, 2703, 2740, 3000, 3107, 3295, 7740, 7770])
      expect(numbers).toContain(there);
    for (const missing of [1578, 1925, 2960, 2999, 3030, 3040, 3050, 3120, 7771])
      expect(numbers).not.toContain(missing);
  });

  test('has no departments, projects, customers or suppliers but those it is given', async () => {
    const registers = ['department', 'project', 'customer', 'supplier'] as const;
    await using bare = await start({ companies: [{ id: 12 }] });
    for (const register of registers) expect(await listed(bare.caller, `/${register}`)).toEqual([]);
    await using cafe = await start();
    for (const register of registers) expect(await listed(cafe.caller, `/${register}`)).not.toEqual([]);
  });

  test('makes an account, a customer, a supplier and a department when asked, and posts on them', async () => {
    await using started = await start({ companies: [{ id: 12 }] });
    const { caller } = started;
    const made = async (path: string, body: object): Promise<number> => {
      const reply = await caller.ask('POST', path, body);
      expect(reply.status).toBe(201);
      return reply.body.value?.id ?? 0;
    };
    const account = await made('/ledger/account', { number: 2960, name: 'Påløpte gebyrer' });
    const supplier = await made('/supplier', { name: 'Vipps MobilePay AS', supplierNumber: 20_001 });
    await made('/supplier', { name: 'En til AS' });
    const department = await made('/department', { name: 'Servering', departmentNumber: '10' });
    await made('/customer', { name: 'Eksempelkunde AS' });
    expect((await listed(caller, '/supplier')).map(({ supplierNumber }) => supplierNumber)).toEqual([20_001, 20_002]);
    const voucher = (await caller.voucher([...even, ['2400', 1], ['1579', -1]])) as { postings: object[] };
    voucher.postings[0] = { ...voucher.postings[0], account: { id: account }, department: { id: department } };
    voucher.postings[2] = { ...voucher.postings[2], supplier: { id: supplier } };
    const reply = await caller.ask('POST', '/ledger/voucher', voucher);
    expect(reply.body.value?.postings?.[0]).toMatchObject({ account: { id: account }, department: { id: department } });
    expect(caller.simulator.backDoor.company().balances()).toMatchObject({ '2960': 10_000, '2400': 100 });
    const again = await caller.ask('POST', '/ledger/account', { number: 2960, name: 'Igjen' });
    expect([again.status, again.body.validationMessages?.[0]?.field]).toEqual([422, 'number']);
    expect((await caller.ask('POST', '/supplier', { nmae: 'x' })).body.code).toBe(16_000);
    expect((await caller.ask('POST', '/supplier', {})).body.validationMessages?.[0]?.field).toBe('name');
  });

  test('is asked for one thing by its id, and what is not there is not found', async () => {
    await using started = await start();
    const { caller } = started;
    for (const register of [
      'ledger/account',
      'ledger/vatType',
      'ledger/voucherType',
      'ledger/accountingPeriod',
      'supplier',
    ]) {
      const id = (await listed(caller, `/${register}?count=1`))[0]?.['id'];
      expect((await caller.ask('GET', `/${register}/${String(id)}`)).body.value).toMatchObject({ id });
      expect((await caller.ask('GET', `/${register}/999999999`)).status).toBe(404);
    }
    const rules = (await caller.ask('GET', '/ledger/postingRules')).body.value;
    const [rounding] = await listed(caller, '/ledger/account?number=7740');
    expect(rules).toMatchObject({ accountRoundDiffId: { id: rounding?.['id'] } });
    expect(await listed(caller, '/currency?code=EUR&fields=id,code')).toEqual([{ id: 5, code: 'EUR' }]);
  });

  test('tells of a bank posting that its VAT code is fixed', async () => {
    await using started = await start();
    const { caller } = started;
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
    expect(body.value?.postings?.map((posting) => posting['isVatReadonly'])).toEqual([true, false]);
  });
});

describeWithShared('what was recorded of a new company', () => {
  const recorded = (name: string): Record<string, readonly Readonly<Record<string, unknown>>[]> =>
    JSON.parse(readFileSync(sharedPath(`spec/tripletex/${name}.json`), 'utf8')) as never;

  test('its accounts are those of the simulator, in the groups that were recorded', async () => {
    await using started = await start({ companies: [{ id: 12 }] });
    const groups = new Set(['15', '19', '27', '30', '31', '32', '77']);
    const numbers = (await listed(started.caller, '/ledger/account?fields=number')).map(({ number }) => number);
    const accounts = recorded('default-chart-excerpt')['accounts'] ?? [];
    expect(numbers.filter((number) => groups.has(String(number).slice(0, 2)))).toEqual(
      accounts.map(({ number }) => number),
    );
  });

  test('its VAT codes have the ids, numbers and percentages of the simulator’s', async () => {
    await using started = await start();
    const seen = (types: readonly Readonly<Record<string, unknown>>[]): unknown =>
      types.map(({ id, number, percentage }) => [id, number, percentage]).toSorted();
    const types = await listed(started.caller, '/ledger/vatType');
    expect(seen(types)).toEqual(seen(recorded('vattypes-sandbox-2026-03')['vatTypes'] ?? []));
    expect(types.every((type) => type['deductionPercentage'] === 100)).toBe(true);
  });

  test('its voucher types have the names of the simulator’s', async () => {
    await using started = await start();
    const names = (types: readonly Readonly<Record<string, unknown>>[]): unknown => types.map(({ name }) => name);
    expect(names(await listed(started.caller, '/ledger/voucherType'))).toEqual(
      names(recorded('vouchertypes-sandbox-2026-03')['voucherTypes'] ?? []),
    );
  });
});

test('the company of the simulation has every account that the Norwegian accounts of a policy name', async () => {
  await using running = await tripletexSimulation.start({
    port: 0,
    now: () => new Date('2026-03-03T02:00:00Z'),
    faults: [],
    answersClosedVersions: false,
    organisationNumber: '987654314',
  });
  const { accounts, vat } = chartPresets.NO;
  const caller = new Caller(running, await authorizationOf(running.url, running.keys[0]?.secrets ?? {}));
  const chart = await listed(caller, '/ledger/account?fields=number,legalVatTypes(number)');
  const codesOf = (number: string): unknown =>
    chart.find((account) => String(account['number']) === number)?.['legalVatTypes'];
  for (const number of Object.values(accounts)) expect([number, codesOf(number)]).toEqual([number, expect.anything()]);
  for (const { account, code } of Object.values(vat)) {
    expect([account, codesOf(account)]).toEqual([account, expect.arrayContaining([{ number: code }])]);
  }
});
