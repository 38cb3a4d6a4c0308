import { expectedDigest, viewDigest, type Posted } from '@bilag/core';
import { describe, expect, test } from 'vitest';
import { openStage } from './connections.ts';
import { day, referenceOf, wholeDay } from './days.ts';

describe('a day is posted', () => {
  test('sales go as a cash sale, all else as a journal entry, and both are read back as they were meant', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    const vouchers = await wholeDay();
    expect(vouchers.map((voucher) => voucher.document)).toEqual(['sale', 'journal']);
    for (const voucher of vouchers) {
      const receipt = await service.post(voucher, referenceOf(voucher));
      expect(receipt).toMatchObject({ outcome: 'created', digest: expectedDigest(voucher, 'explicit') });
    }
    const company = stage.fiken.company();
    expect(Object.fromEntries(company.books.balances())).toEqual({
      '1920:10001': 98_432,
      '1920:10002': 0,
      '3000': -(72_000 + 9_876) + 962,
      '2701': -(18_000 + 2_469) + 240,
      '7770': 2_711,
    });
    expect(stage.fiken.failures).toEqual([]);
  });

  test('each is found by its reference, exactly, and told from a longer one', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      const receipt = await service.post(voucher, referenceOf(voucher));
      const [hit, ...others] = await service.find(referenceOf(voucher));
      expect(others).toEqual([]);
      expect(hit).toMatchObject({ id: receipt.id, state: 'live', date: day, document: voucher.document });
      expect(viewDigest(hit as Posted)).toBe(expectedDigest(voucher, 'explicit'));
      expect(await service.find(`${referenceOf(voucher)}.R2`)).toEqual([]);
      expect(await service.find(referenceOf(voucher).slice(0, -1))).toEqual([]);
    }
  });

  test('a sale is reversed with a counter entry, once, and both ends are found', async () => {
    await using stage = await openStage();
    const service = stage.connect();
    for (const voucher of await wholeDay()) {
      const { id } = await service.post(voucher, referenceOf(voucher));
      const reference = `${voucher.key}.U1`;
      const reversal = await service.reverse(id, day, reference);
      expect(reversal.outcome).toBe('created');
      expect(await service.reverse(id, day, reference)).toMatchObject({ outcome: 'exists', id: reversal.id });
      const held = (await service.find(referenceOf(voucher))).map((hit) => [hit.id, hit.state, hit.reverses]);
      expect(held).toEqual([
        [id, 'reversed', undefined],
        [reversal.id, 'live', id],
      ]);
      expect(await service.find(reference)).toMatchObject([{ id: reversal.id, state: 'live', reverses: id }]);
    }
    expect([...stage.fiken.company().books.balances().values()].every((balance) => balance === 0)).toBe(true);
  });
});
