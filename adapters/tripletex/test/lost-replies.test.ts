import { amount, expectedDigest, plainDate, viewDigest, type ErrorKind } from '@bilag/core';
import { namedTripletexFaults } from '@bilag/simulator-tripletex';
import { describe, expect, test } from 'vitest';
import { cafeId, cafeLines, errorFrom, line, openCafe, voucherOf } from './support.ts';

const reference = '302401-20260302';

describe('whatever goes wrong while a voucher is posted, it is there at most once', () => {
  test.for<[string, ErrorKind, number]>([
    ['hang', 'unknown-outcome', 0],
    ['hang-after-commit', 'unknown-outcome', 1],
    ['cut', 'unknown-outcome', 0],
    ['cut-after-commit', 'unknown-outcome', 1],
    ['cut-midway', 'unknown-outcome', 1],
    ['malformed', 'unknown-outcome', 1],
    ['500', 'unknown-outcome', 0],
    ['500-after-commit', 'unknown-outcome', 1],
    ['400-after-commit', 'unknown-outcome', 1],
    ['429', 'busy', 0],
    ['429-with-reset', 'busy', 0],
  ])('%s: %s, with %i in the books', async ([name, kind, held]) => {
    await using cafe = await openCafe();
    const fault = namedTripletexFaults[name];
    if (fault === undefined) throw new Error(`there is no fault ${name}`);
    const armed = cafe.simulator.faults.arm(fault);
    const voucher = voucherOf();
    expect((await errorFrom(cafe.service.post(voucher, reference))).kind).toBe(kind);
    expect(armed.strikes).toBe(1);
    const found = await cafe.service.find(reference);
    expect(cafe.simulator.backDoor.company().holding(reference)).toHaveLength(held);
    expect(found.map((posted) => viewDigest(posted))).toEqual(
      Array.from({ length: held }, () => expectedDigest(voucher, 'gross')),
    );
  });

  test('nothing listens: nothing was sent', async () => {
    await using cafe = await openCafe();
    await cafe.service.chart();
    const refused = cafe.simulator.faults.arm({ kind: 'refuse' });
    expect((await errorFrom(cafe.service.post(voucherOf(), reference))).kind).toBe('unavailable');
    await refused.disarm();
    expect(cafe.simulator.backDoor.company().vouchers()).toEqual([]);
  });

  test('a reply that is lost after the write, while it is read back', async () => {
    await using cafe = await openCafe();
    cafe.simulator.faults.arm({ kind: 'status', status: 503, on: 'voucher', times: 5 });
    expect((await errorFrom(cafe.service.post(voucherOf(), reference))).kind).toBe('unknown-outcome');
    expect(await cafe.service.find(reference)).toHaveLength(1);
  });

  test('a session that ended in between is made anew, and the voucher posted once', async () => {
    await using cafe = await openCafe();
    await cafe.service.identify();
    cafe.simulator.expireSessions();
    await cafe.service.post(voucherOf(), reference);
    expect(cafe.simulator.backDoor.company().vouchers()).toHaveLength(1);
  });

  test('a session is made anew hours before it ends', async () => {
    await using cafe = await openCafe();
    const sessions = (): number => cafe.simulator.requests.filter(({ path }) => path.endsWith(':create')).length;
    await cafe.service.identify();
    cafe.context.ms += 30 * 3_600_000;
    await cafe.service.identify();
    expect(sessions()).toBe(1);
    cafe.context.ms += 8 * 3_600_000;
    await cafe.service.identify();
    expect(sessions()).toBe(2);
    expect(cafe.simulator.requests.filter(({ search }) => search.includes('session-'))).toEqual([]);
  });
});

describe('the search', () => {
  test('knows a new voucher only later', async () => {
    await using cafe = await openCafe({ searchDelayMs: 90_000 });
    await cafe.service.post(voucherOf(), reference);
    expect(await cafe.service.find(reference)).toEqual([]);
    cafe.context.ms += 90_000;
    expect(await cafe.service.find(reference)).toHaveLength(1);
  });

  test('gives more than was asked for, and only what is exactly ours is taken', async () => {
    await using cafe = await openCafe();
    await cafe.service.post(voucherOf(), reference);
    await cafe.service.post(voucherOf(cafeLines, { revision: 2 }), `${reference}.R2`);
    expect((await cafe.service.find(reference)).map((posted) => posted.reference)).toEqual([reference]);
    expect(await cafe.service.find(reference.slice(0, 8))).toEqual([]);
    expect(await cafe.service.find('')).toEqual([]);
  });

  test('hides no double', async () => {
    await using cafe = await openCafe();
    await cafe.service.post(voucherOf(), reference);
    await cafe.service.post(voucherOf(), reference);
    expect((await cafe.service.find(reference)).map(({ state }) => state)).toEqual(['live', 'live']);
  });

  test('finds what waits for a person, where vouchers are left waiting', async () => {
    await using cafe = await openCafe({}, { sendToLedger: false });
    const { id, number } = await cafe.service.post(voucherOf(), reference);
    expect(number).toBe('<Ikke bokført 1>');
    expect(await cafe.service.find(reference)).toMatchObject([{ id, state: 'live' }]);
    const march = [plainDate('2026-03-01'), plainDate('2026-03-31')] as const;
    expect(await Array.fromAsync(cafe.service.list(...march))).toMatchObject([{ id }]);
    cafe.simulator.backDoor.company().sendToLedger(Number(id));
    expect(await cafe.service.find(reference)).toMatchObject([{ id, number: '1-2026' }]);
    expect(await Array.fromAsync(cafe.service.list(...march))).toHaveLength(1);
  });
});

describe('what people do in the books is seen', () => {
  test('an edited voucher has another digest, a deleted one is not there', async () => {
    await using cafe = await openCafe();
    const company = cafe.simulator.backDoor.company();
    const { id, digest } = await cafe.service.post(voucherOf(), reference);
    company.edit(Number(id), {
      rows: [
        { account: '7790', amount: 500 },
        { account: '1579', amount: -500 },
      ],
    });
    const [edited] = await cafe.service.find(reference);
    expect(edited && viewDigest(edited)).not.toBe(digest);
    expect(edited?.lines).toEqual([
      { account: '7790', amount: amount(500) },
      { account: '1579', amount: amount(-500) },
    ]);
    company.delete(Number(id));
    expect(await cafe.service.find(reference)).toEqual([]);
  });

  test('the rows of Tripletex’s own Vipps import are listed, being on the clearing account', async () => {
    await using cafe = await openCafe();
    const company = cafe.simulator.backDoor.company();
    const date = plainDate('2026-03-02');
    company.importSettlement({ date, payout: '2000045', gross: 90_000, fee: 1500 });
    company.type({
      date,
      description: 'Husleie',
      rows: [
        { account: '7790', amount: 100 },
        { account: '1920', amount: -100 },
      ],
    });
    const listed = await Array.fromAsync(cafe.service.list(date, date));
    expect(listed).toMatchObject([{ reference: '', state: 'live', description: 'Vipps oppgjør 2000045' }]);
    expect(listed[0]?.lines).toContainEqual({ account: '1579', amount: -90_000 });
  });

  test('more vouchers than fit a page are all listed, and none of the day after', async () => {
    await using cafe = await openCafe({ rateLimit: null });
    const company = cafe.simulator.backDoor.company();
    const rows = [
      { account: '1579', amount: 100 },
      { account: '1920', amount: -100 },
    ];
    for (let count = 0; count < 405; count += 1) {
      company.type({ date: plainDate('2026-03-31'), description: 'Salg', rows });
    }
    company.type({ date: plainDate('2026-04-01'), description: 'Salg', rows });
    const listed = await Array.fromAsync(cafe.service.list(plainDate('2026-03-31'), plainDate('2026-03-31')));
    expect(listed).toHaveLength(405);
  });
});

describe('the wrong company', () => {
  const other = { id: 2_100_002, name: 'En annen AS' };

  test('is refused before anything is sent to it', async () => {
    await using cafe = await openCafe({ companies: [other] }, { companyId: cafeId });
    const error = await errorFrom(cafe.service.post(voucherOf(), reference));
    expect(error.kind).toBe('config');
    expect(error.what).toBe(`these credentials open company ${other.id}, not company ${cafeId}`);
    expect(cafe.simulator.requests.map(({ path }) => path.replace('/v2', ''))).toEqual([
      '/token/session/:create',
      '/token/session/%3EwhoAmI',
    ]);
  });

  test('without a company chosen nothing is posted, but it can be looked at', async () => {
    await using cafe = await openCafe();
    const service = cafe.connect({ companyId: undefined });
    expect((await service.identify()).id).toBe(String(cafeId));
    expect((await errorFrom(service.post(voucherOf(), reference))).kind).toBe('config');
  });

  test('an accountant posts to the client, and not to the books of the office', async () => {
    const office = { id: 2_100_009, name: 'Regnskap AS', clients: [other.id] };
    await using cafe = await openCafe({ companies: [office, other] }, { access: 'client', companyId: other.id });
    await cafe.service.post(voucherOf([line('1920', 100), line('1579', -100)]), reference);
    expect(cafe.simulator.backDoor.company(other.id).vouchers()).toHaveLength(1);
    expect(cafe.simulator.backDoor.company(office.id).vouchers()).toHaveLength(0);
    const own = cafe.connect({ access: 'own', companyId: office.id });
    expect((await errorFrom(own.post(voucherOf(), reference))).kind).toBe('forbidden');
    const none = cafe.connect({ companyId: undefined });
    expect((await errorFrom(none.identify())).message).toContain(`one of the 1 clients: ${other.id}`);
  });
});

test('no token is in any error, event or address', async () => {
  await using cafe = await openCafe();
  const secrets = [cafe.simulator.credentials.consumerToken, 'simulated-tripletex-employee', 'session-'];
  cafe.simulator.faults.arm({
    kind: 'status',
    status: 422,
    on: 'session',
    body: JSON.stringify({ status: 422, code: 18_000, message: `bad ${cafe.simulator.credentials.consumerToken}` }),
  });
  const bad = await errorFrom(cafe.service.identify());
  cafe.simulator.faults.arm({
    kind: 'answer',
    on: 'post',
    answer: ({ headers }) => ({
      status: 422,
      body: JSON.stringify({ message: `bad ${headers['authorization'] ?? ''}` }),
    }),
  });
  const refused = await errorFrom(cafe.service.post(voucherOf(), reference));
  const told = [bad, refused].map((error) => JSON.stringify(error) + error.message + String(error.stack));
  const seen = [...told, JSON.stringify(cafe.context.events), JSON.stringify(cafe.simulator.requests)].join('\n');
  expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
  expect(seen).not.toContain(Buffer.from('0:session-1').toString('base64').slice(0, 10));
  expect(cafe.context.events.length).toBeGreaterThan(5);
});
