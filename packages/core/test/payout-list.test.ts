import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount, plainDate } from '../src/index.ts';
import { type Payout, PayoutList } from '../src/posting/payout-list.ts';

const money = fc.maxSafeInteger().map((minor) => amount(minor));
const payout = fc.record({
  date: fc.constantFrom('2026-01-31', '2021-02-28').map(plainDate),
  scheduled: money,
  arrived: money,
  aborted: money,
});
const number = fc.oneof(
  fc.nat({ max: 30 }).map(String),
  fc.string({ unit: fc.constantFrom('|', ' ', '"', '\\', '1', '-', 'é', '\n', '\ud800'), maxLength: 4 }),
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ of: number, payout }) },
  fc.constantFrom('kept' as const, 'listed' as const),
);

test('payouts are known by their numbers and in their order, however often they were kept as text', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const plain = new Map<string, Payout>();
      const [told, wanted]: [unknown[], unknown[]] = [[], []];
      let list = new PayoutList();
      for (const each of steps) {
        if (each === 'listed') {
          told.push(structuredClone(list.inOrder()));
          wanted.push(structuredClone([...plain.values()]));
        } else if (each === 'kept') list = new PayoutList(JSON.parse(JSON.stringify(list.text)) as string);
        else {
          const known = list.get(each.of);
          told.push({ ...known });
          wanted.push({ ...plain.get(each.of) });
          if (known === undefined) list.add(each.of, { ...each.payout });
          else Object.assign(known, each.payout);
          plain.set(each.of, each.payout);
        }
      }
      expect(told).toEqual(wanted);
      expect(list.inOrder()).toEqual([...plain.values()]);
      for (const [name, its] of plain) expect(new PayoutList(list.text).get(name)).toEqual(its);
    }),
  );
});
