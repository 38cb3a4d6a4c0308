import { amount, plainDate } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { errorFrom, openCafe, voucherOf } from './support.ts';

const reference = '302401-20260302';
const march10 = plainDate('2026-03-10');

describe('a voucher that is taken back', () => {
  test.for<[string, { keepsNumber: boolean; pointsBack: boolean }]>([
    ['carries the number on, and points back', { keepsNumber: true, pointsBack: true }],
    ['carries the number on alone', { keepsNumber: true, pointsBack: false }],
    ['points back alone', { keepsNumber: false, pointsBack: true }],
    ['tells nothing', { keepsNumber: false, pointsBack: false }],
  ])('is found with its reversal, when that %s', async ([, reversal]) => {
    await using cafe = await openCafe({ reversal });
    const { id } = await cafe.service.post(voucherOf(), reference);
    const taken = await cafe.service.reverse(id, march10, `${reference}.U1`);
    expect(taken).toMatchObject({ outcome: 'created', number: '2-2026' });
    const found = await cafe.service.find(reference);
    expect(found).toHaveLength(2);
    expect(found).toMatchObject([
      { id, state: 'reversed', reference },
      { id: taken.id, state: 'live', reference, reverses: id, date: march10 },
    ]);
    const balances = cafe.simulator.backDoor.company().balances();
    expect(Object.values(balances).every((balance) => balance === 0)).toBe(true);
    const listed = await Array.fromAsync(cafe.service.list(plainDate('2026-03-01'), plainDate('2026-03-31')));
    const live = listed.filter(({ state, reverses }) => state === 'live' && reverses === undefined);
    expect(live).toEqual([]);
  });

  test('is not taken back twice, though Tripletex would', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    const first = await cafe.service.reverse(id, march10, `${reference}.U1`);
    const second = await cafe.service.reverse(id, march10, `${reference}.U1`);
    expect(second).toEqual({ ...first, outcome: 'exists' });
    expect(cafe.simulator.backDoor.company().vouchers()).toHaveLength(2);
  });

  test.for<['cut' | 'hang']>([['cut'], ['hang']])('may have been when the reply is lost (%s)', async ([kind]) => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    cafe.simulator.faults.arm({ kind, strikes: 'after', on: 'reverse' });
    expect((await errorFrom(cafe.service.reverse(id, march10, `${reference}.U1`))).kind).toBe('unknown-outcome');
    expect((await cafe.service.reverse(id, march10, `${reference}.U1`)).outcome).toBe('exists');
    expect(cafe.simulator.backDoor.company().vouchers()).toHaveLength(2);
  });

  test('is not taken back into a closed period', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-03-31'));
    expect((await errorFrom(cafe.service.reverse(id, march10, `${reference}.U1`))).kind).toBe('blocked');
    cafe.context.ms += 24 * 3_600_000;
    expect((await cafe.service.reverse(id, plainDate('2026-04-01'), `${reference}.U1`)).outcome).toBe('created');
  });

  test('is said to be gone when somebody deleted it', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    cafe.simulator.backDoor.company().delete(Number(id));
    expect((await errorFrom(cafe.service.reverse(id, march10, `${reference}.U1`))).kind).toBe('not-found');
  });
});

describe('the entries beside a voucher', () => {
  const csv = {
    name: '302401-20260302.csv',
    mediaType: 'text/csv',
    content: new TextEncoder().encode('ledger;date;amount\n302401;2026-03-02;-189.00\nKafé;æøå;1.00\n'),
  };

  test('become a PDF, attached once', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    await cafe.service.attach(id, csv);
    await cafe.service.attach(id, csv);
    const [held] = cafe.simulator.backDoor.company().vouchers();
    expect(held?.attachment).toMatchObject({ fileName: '302401-20260302.pdf', mediaType: 'application/pdf' });
    expect(held?.attachment?.uploads).toHaveLength(1);
    const text = Buffer.from(held?.attachment?.uploads[0] ?? []).toString('latin1');
    expect(text).toMatch(/^%PDF-1\.4/);
    expect(text).toContain('302401;2026-03-02;-189.00');
    expect(text).toContain('Kafé;æøå;1.00');
    expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
  });

  test('a picture is attached as it is', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    const content = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x0d, 0x0a, 0x2d, 0x2d]);
    const picture = { name: 'kvittering 1.png', mediaType: 'image/png', content };
    await cafe.service.attach(id, picture);
    await cafe.service.attach(id, picture);
    const [held] = cafe.simulator.backDoor.company().vouchers();
    expect(held?.attachment?.fileName).toBe('kvittering_1.png');
    expect(held?.attachment?.uploads).toEqual([content]);
  });

  test('other files are not taken', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    const file = { name: 'a.zip', mediaType: 'application/zip', content: new Uint8Array([1]) };
    expect((await errorFrom(cafe.service.attach(id, file))).kind).toBe('unsupported');
  });

  test('pages of somebody else are left alone', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    const pdf = { name: 'faktura.pdf', mediaType: 'application/pdf', content: new TextEncoder().encode('%PDF-1.4\n') };
    await cafe.service.attach(id, pdf);
    const error = await errorFrom(cafe.service.attach(id, csv));
    expect(error.kind).toBe('conflict');
    expect(cafe.simulator.backDoor.company().vouchers()[0]?.attachment?.uploads).toHaveLength(1);
  });

  test('are not sent twice when the reply is lost', async () => {
    await using cafe = await openCafe();
    const { id } = await cafe.service.post(voucherOf(), reference);
    cafe.simulator.faults.arm({ kind: 'cut', strikes: 'after', on: 'attach' });
    expect((await errorFrom(cafe.service.attach(id, csv))).kind).toBe('unknown-outcome');
    await cafe.service.attach(id, csv);
    expect(cafe.simulator.backDoor.company().vouchers()[0]?.attachment?.uploads).toHaveLength(1);
    expect(cafe.simulator.backDoor.company().balances()['1579']).toBe(amount(2990));
  });
});
