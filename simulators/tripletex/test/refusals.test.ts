import { plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { even, start, type Answer, type Caller } from './caller.ts';

/** A voucher that is taken, and another made of it. */
async function sent(caller: Caller, change: (voucher: Sent) => void): Promise<{ status: number; body: Answer }> {
  const voucher = (await caller.voucher(even)) as Sent;
  change(voucher);
  return caller.ask('POST', '/ledger/voucher', voucher);
}

type Sent = Record<string, unknown> & { postings: [Record<string, unknown>, Record<string, unknown>] };

describe('a voucher is refused', () => {
  test.for<[string, (voucher: Sent) => void, [status: number, code: number, field: string]]>([
    [
      'with a field in its head that Tripletex does not know',
      (voucher) => (voucher['reference'] = 'A-1'),
      [422, 16_000, 'reference'],
    ],
    [
      'with a field in a posting that Tripletex does not know',
      ({ postings }) => (postings[1]['amountVat'] = 1),
      [422, 16_000, 'amountVat'],
    ],
    [
      'with a field in an account that Tripletex does not know',
      ({ postings }) => (postings[0]['account'] = { ...(postings[0]['account'] as object), code: '1920' }),
      [422, 16_000, 'code'],
    ],
    ['with a date that is none', (voucher) => (voucher['date'] = '2026-02-30'), [422, 16_000, 'date']],
    ['with a description that is an object', (voucher) => (voucher['description'] = {}), [422, 16_000, 'description']],
    ['with a posting that is no object', (voucher) => (voucher.postings[1] = 'x' as never), [422, 16_000, 'postings']],
    [
      'with a posting text that is a list',
      ({ postings }) => (postings[0]['description'] = []),
      [422, 16_000, 'postings.description'],
    ],
    [
      'with an account that is no object',
      ({ postings }) => (postings[0]['account'] = 1920),
      [422, 16_000, 'postings.account'],
    ],
    [
      'in a currency of which nothing is in its amounts',
      ({ postings }) => postings.forEach((posting) => (posting['currency'] = { id: 5 })),
      [422, 18_000, 'postings.currency.id'],
    ],
    [
      'with an employee the company does not have',
      ({ postings }) => (postings[0]['employee'] = { id: 1 }),
      [422, 18_000, 'postings.employee.id'],
    ],
    ['without postings', (voucher) => (voucher.postings = [] as never), [422, 18_000, 'postings']],
    ['without a description', (voucher) => delete voucher['description'], [422, 18_000, 'description']],
    [
      'dated in a closed period, though its postings are not',
      (voucher) => {
        voucher['date'] = '2026-01-31';
        for (const posting of voucher.postings) posting['date'] = '2026-03-02';
      },
      [422, 18_000, 'date'],
    ],
  ])('%s', async ([, change, [status, code, field]]) => {
    await using started = await start({ companies: [{ id: 12, closedThrough: plainDate('2026-01-31') }] });
    const { caller } = started;
    const reply = await sent(caller, change);
    expect([reply.status, reply.body.code, reply.body.validationMessages?.[0]?.field]).toEqual([status, code, field]);
    expect(caller.simulator.backDoor.company().vouchers()).toEqual([]);
    expect(caller.simulator.failures).toEqual([]);
  });

  test('when it is waiting and its period was closed meanwhile', async () => {
    await using started = await start();
    const { caller } = started;
    const waiting = await caller.ask('POST', '/ledger/voucher?sendToLedger=false', await caller.voucher(even));
    const company = caller.simulator.backDoor.company();
    company.closeThrough(plainDate('2026-03-31'));
    const path = `/ledger/voucher/${waiting.body.value?.id ?? 0}/:sendToLedger`;
    expect((await caller.ask('PUT', path)).body.code).toBe(18_000);
    company.closeThrough(plainDate('2026-02-28'));
    expect((await caller.ask('PUT', `${path}?version=1`)).body.code).toBe(8000);
    expect((await caller.ask('PUT', path)).body.value?.['number']).toBe(1);
  });

  test('a field that Tripletex alone writes is taken, and forgotten', async () => {
    await using started = await start();
    const reply = await sent(started.caller, (voucher) => {
      voucher['number'] = 77;
      voucher.postings[0]['type'] = 'INCOMING_PAYMENT';
      voucher.postings[0]['amount'] = 1;
      voucher.postings[0]['department'] = { name: 'Servering' };
    });
    expect(reply.body.value).toMatchObject({ number: 1, postings: [{ amount: 100 }, { amount: -100 }] });
    expect(reply.body.value?.postings?.[0]).not.toHaveProperty('department');
  });

  test('a session asked for with a field nobody knows, or with no object at all', async () => {
    await using started = await start();
    const { simulator } = started.caller;
    for (const body of ['null', '[]', '{"consumerToken":"x","employeToken":"y"}']) {
      const reply = await fetch(`${simulator.url}/token/session/:create`, { method: 'POST', body });
      expect([reply.status, ((await reply.json()) as Answer).code]).toEqual([422, 16_000]);
    }
    expect(simulator.failures).toEqual([]);
  });
});

describe('a voucher is deleted', () => {
  async function posted(caller: Caller): Promise<string> {
    const { body } = await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
    return `/ledger/voucher/${body.value?.id ?? 0}`;
  }

  test('and is gone from every list, but not from the back door, which can restore it', async () => {
    await using started = await start();
    const { caller } = started;
    const path = await posted(caller);
    expect((await caller.ask('GET', `${path}/options`)).body.value).toMatchObject({ delete: { available: true } });
    expect((await caller.ask('DELETE', path)).status).toBe(204);
    expect((await caller.ask('GET', path)).body.code).toBe(6000);
    expect((await caller.ask('DELETE', path)).body.code).toBe(6000);
    for (const list of [
      '?dateFrom=2026-01-01&dateTo=2027-01-01',
      '/>externalVoucherNumber?externalVoucherNumber=A-1',
    ]) {
      expect((await caller.ask('GET', `/ledger/voucher${list}`)).body.values).toEqual([]);
    }
    const company = caller.simulator.backDoor.company();
    expect(company.balances()).toEqual({});
    company.restore(Number(path.split('/').at(-1)));
    expect((await caller.ask('GET', path)).status).toBe(200);
  });

  test('not in a closed period, which is told before', async () => {
    await using started = await start();
    const { caller } = started;
    const path = await posted(caller);
    caller.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
    expect((await caller.ask('GET', `${path}/options`)).body.value).toMatchObject({ delete: { available: false } });
    expect((await caller.ask('DELETE', path)).body.code).toBe(18_000);
    expect((await caller.ask('GET', path)).status).toBe(200);
  });

  test('nor without the permission to post, which sends nothing to the ledger either', async () => {
    await using started = await start();
    const { caller } = started;
    const path = await posted(caller);
    caller.simulator.backDoor.company().allowPosting(false);
    expect((await caller.ask('DELETE', path)).status).toBe(403);
    expect((await caller.ask('PUT', `${path}/:sendToLedger`)).status).toBe(403);
  });
});

test('a list of vouchers is narrowed by number and by type', async () => {
  await using started = await start();
  const { caller } = started;
  const types = await caller.ask('GET', '/ledger/voucherType');
  const typeId = (name: string): number => types.body.values?.find((type) => type['name'] === name)?.id ?? 0;
  await caller.ask('POST', '/ledger/voucher', await caller.voucher(even));
  const typed = { externalVoucherNumber: 'A-2', voucherType: { id: typeId('Betaling') } };
  await caller.ask('POST', '/ledger/voucher', await caller.voucher(even, typed));
  const numbers = async (filter: string): Promise<unknown> => {
    const path = `/ledger/voucher?dateFrom=2026-01-01&dateTo=2027-01-01&fields=number&${filter}`;
    return (await caller.ask('GET', path)).body.values?.map((voucher) => voucher['number']);
  };
  expect(await numbers(`typeId=${typeId('Betaling')}`)).toEqual([2]);
  expect(await numbers('number=1')).toEqual([1]);
  expect(await numbers('numberFrom=2&numberTo=2')).toEqual([2]);
  expect(await numbers('')).toEqual([1, 2]);
});
