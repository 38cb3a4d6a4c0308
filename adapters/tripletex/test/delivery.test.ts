import { expectedDigest, expectedLines, plainDate, voucherReference } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { cafeId, line, openCafe, voucherOf } from './support.ts';

describe('a café’s day', () => {
  test('is posted once, and read back to the øre', async () => {
    await using cafe = await openCafe();
    const voucher = voucherOf();
    const receipt = await cafe.service.post(voucher, voucherReference(voucher));
    expect(receipt).toMatchObject({ outcome: 'created', number: '1-2026', digest: expectedDigest(voucher, 'gross') });

    const [held, ...others] = cafe.simulator.backDoor.company().vouchers();
    expect(others).toEqual([]);
    expect(held).toMatchObject({ externalVoucherNumber: '302401-20260302', date: '2026-03-02', number: 1 });
    expect(held?.description).toBe('Vipps MobilePay 302401 2026-03-02 302401-20260302');
    expect(
      held?.postings.map(({ row, account, vatType, amountGross }) => [row, account, vatType, amountGross]),
    ).toEqual([
      [1, '3000', '3', -123_450],
      [2, '3001', '31', -48_505],
      [3, '3000', '3', 4_990],
      [4, '3002', '33', -7_001],
      [5, '7770', '0', 2_911],
      [6, '1920', '0', 168_065],
      [7, '1579', '0', 2_990],
      [0, '2700', '0', -23_692],
      [0, '2701', '0', -6_327],
      [0, '2702', '0', -750],
    ]);
    expect(cafe.simulator.failures).toEqual([]);
  });

  test('is found again by its reference, and by its date', async () => {
    await using cafe = await openCafe();
    const voucher = voucherOf();
    const { id } = await cafe.service.post(voucher, '302401-20260302');
    const found = await cafe.connect().find('302401-20260302');
    expect(found).toMatchObject([
      { id, reference: '302401-20260302', state: 'live', lines: expectedLines(voucher, 'gross') },
    ]);
    const listed = await Array.fromAsync(cafe.service.list(plainDate('2026-03-01'), plainDate('2026-03-02')));
    expect(listed.map((posted) => posted.id)).toEqual([id]);
  });

  test('says who it talks to, and what the books offer', async () => {
    await using cafe = await openCafe();
    expect(await cafe.service.identify()).toEqual({
      id: String(cafeId),
      name: 'Kaffebaren Eksempel AS',
      organisationNumber: '987654321',
      country: 'NO',
      currency: 'NOK',
    });
    cafe.simulator.backDoor.company().closeThrough(plainDate('2026-01-31'));
    const chart = await cafe.service.chart();
    expect(chart.lockedThrough).toBe('2026-01-31');
    expect(chart.accounts).toContainEqual({ number: '3000', name: 'Salg, høy sats', isActive: true, vatCodes: ['3'] });
    expect(chart.accounts.find(({ number }) => number === '1500')?.requires).toEqual(['customer']);
    expect(chart.vatCodes.map(({ code }) => code)).toEqual(expect.arrayContaining(['0', '3', '31', '33', '13', '86']));
    expect(chart.vatCodes.map(({ code }) => code)).not.toContain('4');
    expect(chart.dimensions).toContainEqual({ type: 'department', id: '10', name: 'Servering' });
    expect(chart.dimensions).toContainEqual({ type: 'project', id: '7', name: 'Sommerterrasse' });
  });

  test('every request is made in a turn of its credential', async () => {
    await using cafe = await openCafe();
    await cafe.service.post(voucherOf([line('1920', 100), line('1579', -100)]), '302401-20260302');
    expect(cafe.context.turns).toHaveLength(cafe.simulator.requests.length);
    expect(new Set(cafe.context.turns)).toEqual(new Set(['tripletex-1']));
  });
});
