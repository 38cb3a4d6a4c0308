import type { DeliveryState } from '@bilag/core';
import { holdingStates } from '../log/delivery-store.ts';
import { reversalIn, rowIn, take } from './sample-rows.ts';
import { lawCompanies, mustEqual, mustHold, mustRefuse, refusals, withStores, type StoreLaw } from './store-law.ts';

const [company] = lawCompanies;
const lettingGo: readonly DeliveryState[] = ['planned', 'rejected', 'blocked', 'reversed'];
const facts = ['a', 'b'];
const otherFacts = ['b', 'c'];

/** A fact is in one live voucher. */
export const factLaws: readonly StoreLaw[] = [
  {
    id: 'fact-held',
    sentence: 'a fact of a voucher that may be in the target is held: another voucher with it is a conflict',
    prove: async (newPlace) => {
      for (const state of holdingStates) {
        await withStores(newPlace, async (store, other) => {
          const lease = await take(store);
          const row = rowIn(state, { facts });
          await store.save(lease, [row]);
          const rival = rowIn('intended', { index: 1, facts: otherFacts });
          await mustRefuse(store.save(lease, [rival]), 'conflict', `a second voucher, with the first ${state},`);
          const holders = [...(await other.holdersOf(company, ['a', 'b', 'c']))].sort();
          mustEqual(
            holders,
            facts.map((fact) => [fact, row.reference]),
            `who holds what, ${state}`,
          );
        });
      }
    },
  },
  {
    id: 'fact-let-go',
    sentence: 'a fact of a voucher that is not in the target is free',
    prove: async (newPlace) => {
      for (const state of lettingGo) {
        await withStores(newPlace, async (store) => {
          const lease = await take(store);
          await store.save(lease, [rowIn('posted', { facts })]);
          await store.save(lease, [rowIn(state, { facts })]);
          mustEqual([...(await store.holdersOf(company, facts))], [], `what is held when ${state}`);
          const other = rowIn('intended', { index: 1, facts: otherFacts });
          await store.save(lease, [other]);
          mustEqual([...(await store.holdersOf(company, ['a', 'b']))], [['b', other.reference]], 'who holds b');
        });
      }
    },
  },
  {
    id: 'fact-handed-over',
    sentence: 'one voucher lets go as another takes over in the same step, in whichever order they are given',
    prove: async (newPlace) => {
      for (const isTakerFirst of [true, false]) {
        await withStores(newPlace, async (store) => {
          const lease = await take(store);
          await store.save(lease, [rowIn('posted', { facts })]);
          const rows = [rowIn('intended', { index: 1, facts: otherFacts }), rowIn('reversed', { facts })] as const;
          await store.save(lease, isTakerFirst ? rows : rows.toReversed());
          mustEqual([...(await store.holdersOf(company, ['b']))], [['b', rows[0].reference]], 'who holds b');
        });
      }
    },
  },
  {
    id: 'reversal-holds-nothing',
    sentence: 'a reversal has the facts of its voucher, and neither holds them nor lets them go',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        const posted = rowIn('posted', { facts });
        const holder = [['a', posted.reference]];
        await store.save(lease, [posted]);
        await store.save(lease, [reversalIn('intended', posted)]);
        mustEqual([...(await store.holdersOf(company, ['a']))], holder, 'who holds a while it is reversed');
        await store.save(lease, [reversalIn('rejected', posted)]);
        mustEqual([...(await store.holdersOf(company, ['a']))], holder, 'who holds a when the reversal was refused');
        await store.save(lease, [rowIn('reversed', { facts }), reversalIn('posted', posted)]);
        mustEqual([...(await store.holdersOf(company, ['a']))], [], 'who holds a after it');
        await store.save(lease, [rowIn('intended', { facts, revision: 2 })]);
      }),
  },
  {
    id: 'all-or-none',
    sentence: 'rows that are saved together are there together, or none of them and nothing of what they hold',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lease = await take(store);
        const held = rowIn('posted', { facts });
        await store.save(lease, [held]);
        const rows = [
          rowIn('reversed', { facts }),
          rowIn('intended', { index: 1, facts: ['d'] }),
          rowIn('intended', { index: 2, facts: ['d'] }),
        ];
        await mustRefuse(store.save(lease, rows), 'conflict', 'two vouchers with one fact');
        const left = (await other.rows(company)).map(({ reference, delivery }) => [reference, delivery.state]);
        mustEqual(left, [[held.reference, 'posted']], 'the rows after a refusal');
        const holders = [...(await other.holdersOf(company, ['a', 'd']))];
        mustEqual(holders, [['a', held.reference]], 'who holds what after a refusal');
      }),
  },
  {
    id: 'facts-at-once',
    sentence: 'of several vouchers that take a fact at the same moment one gets it, and the others are a conflict',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        for (let round = 0; round < 10; round += 1) {
          const rivals = [1, 2, 3, 4].map((number) => {
            return rowIn('intended', {
              index: round * 10 + number,
              facts: [`own ${round} ${number}`, `shared ${round}`],
            });
          });
          const ends = await refusals(rivals.map((row) => store.save(lease, [row])));
          const taken = rivals.filter((_, index) => ends[index] === undefined);
          mustHold(taken.length === 1, `${taken.length} of ${rivals.length} vouchers got the same fact`);
          for (const end of ends) if (end !== undefined) await mustRefuse(Promise.reject(end), 'conflict', 'a rival');
          const holders = await store.holdersOf(company, [`shared ${round}`]);
          mustEqual(
            [...holders.values()],
            taken.map(({ reference }) => reference),
            'who holds it',
          );
        }
      }),
  },
];
