import { isDeepStrictEqual } from 'node:util';
import type { DeliveryState } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, RowFilter, RowPlace, RunPart } from '../log/delivery-store.ts';
import { asTakenUp, dateOf, findingOf, lawTime, reversalIn, rowIn, take } from './sample-rows.ts';
import { lawCompanies, mustEqual, mustHold, refusals, withStores, type StoreLaw } from './store-law.ts';

const [first, second] = lawCompanies;

/** What was written is there, as it was written. */
export const rowLaws: readonly StoreLaw[] = [
  {
    id: 'as-saved',
    sentence: 'rows come back as they were saved, at once to another process, and after the store was closed',
    prove: async (newPlace) => {
      const place = await newPlace();
      const [store, other] = [await place.open(), await place.open()];
      const saved = everyKindOfRow();
      await store.save(await take(store), saved);
      mustBe(await other.rows(first), saved);
      await Promise.all([store.close(), other.close()]);
      const again = await place.open();
      mustBe(await again.rows(first), saved);
      await again.close();
    },
  },
  {
    id: 'ordered',
    sentence: 'rows come by date, key and revision, a voucher before its reversal',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const reversed = rowIn('reversed', { index: 1 });
        const next = rowIn('posted', { index: 1, revision: 2 });
        const later = rowIn('blocked', { index: 10 });
        const lease = await take(store);
        for (const row of [later, next, reversalIn('posted', reversed), reversed, rowIn('posted')]) {
          await store.save(lease, [row]);
        }
        const wanted = ['20260302', '20260303', '20260303.U1', '20260303.R2', '20260312'].map((end) => `302321-${end}`);
        mustEqual(await referencesOf(store.rows(first)), wanted, 'the order');
      }),
  },
  {
    id: 'filtered',
    sentence:
      'rows are found by date, run, key, reference, id in the target and state, by one or by many, and by several of them together',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const [one, two] = [called('a', rowIn('posted')), called('b', rowIn('posted', { index: 1 }))];
        const three = rowIn('blocked', { index: 2 });
        await store.save(await take(store), [one, { ...two, run: 'later' }, three]);
        const cases: readonly (readonly [RowFilter, readonly DeliveryRow[]])[] = [
          [{}, [one, two, three]],
          [{ from: dateOf(1) }, [two, three]],
          [{ from: dateOf(1), to: dateOf(1) }, [two]],
          [{ run: 'later' }, [two]],
          [{ key: three.key }, [three]],
          [{ keys: [three.key, one.key, 'other', one.key] }, [one, three]],
          [{ keys: [one.key, two.key], run: 'later' }, [two]],
          [{ keys: [] }, []],
          [{ reference: one.reference }, [one]],
          [{ references: [two.reference, 'other', one.reference] }, [one, two]],
          [{ references: [two.reference, one.reference], from: dateOf(1) }, [two]],
          [{ targetIds: ['b', 'c', 'a'] }, [one, two]],
          [{ targetIds: ['b'], keys: [one.key, two.key] }, [two]],
          [{ targetIds: ['null'] }, []],
          [{ states: ['blocked', 'rejected'] }, [three]],
          [{ states: ['posted'], to: dateOf(0) }, [one]],
          [{ states: [] }, []],
        ];
        for (const [filter, rows] of cases) {
          const wanted = rows.map(({ reference }) => reference);
          mustEqual(await referencesOf(store.rows(first, filter)), wanted, `rows of ${JSON.stringify(filter)}`);
          mustEqual(await headsOf(store, filter), wanted, `heads of ${JSON.stringify(filter)}`);
        }
      }),
  },
  {
    id: 'heads',
    sentence: 'heads are the rows without their vouchers, all of them in the same order, however many, once each',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        const many = Array.from({ length: manyRows }, (_, index) => rowIn('reversed', { index }));
        await store.save(lease, [...everyKindOfRow(), ...many.slice(statesOfRows.length)]);
        await store.save(
          lease,
          many.slice(statesOfRows.length).map((row) => reversalIn('posted', row)),
        );
        const rows = await store.rows(first);
        const heads: DeliveryRow[] = [];
        for await (const head of store.heads(first)) {
          const voucher = rows[heads.length]?.voucher;
          mustHold(voucher !== undefined, `more heads than rows: ${head.reference}`);
          heads.push({ ...head, voucher });
          // A save meanwhile is not held up, and disturbs nothing.
          if (heads.length === 3) await store.save(lease, rows.slice(0, 1));
        }
        mustBe(heads, rows);
      }),
  },
  {
    id: 'after',
    sentence: 'whoever has read a part goes on after any row of it, and misses none, whatever else is asked',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        const twice = rowIn('reversed', { index: 1 });
        const next = rowIn('posted', { index: 1, revision: 2 });
        const rows = [rowIn('posted'), twice, reversalIn('posted', twice), next, rowIn('blocked', { index: 2 })];
        await store.save(lease, rows);
        for (const [index, row] of rows.entries()) {
          const cases: readonly (readonly [RowFilter, (row: DeliveryRow) => boolean])[] = [
            [{}, () => true],
            [{ from: dateOf(2) }, ({ date }) => date >= dateOf(2)],
            [{ states: ['blocked'] }, ({ delivery }) => delivery.state === 'blocked'],
            [{ keys: [twice.key] }, ({ key }) => key === twice.key],
          ];
          for (const [filter, isWanted] of cases) {
            const wanted = rows.slice(index + 1).filter(isWanted);
            mustEqual(
              await headsOf(store, filter, row),
              wanted.map(({ reference }) => reference),
              `the heads of ${JSON.stringify(filter)} after ${row.reference}`,
            );
          }
        }
        const gone = { date: dateOf(1), key: '302321-2026030299', revision: 1, kind: 'voucher' } as const;
        mustEqual((await headsOf(store, {}, gone)).length, 4, 'how many come after a row that is not there');
      }),
  },
  {
    id: 'brought-up-to-date',
    sentence: 'a row that is saved again is brought up to date in everything, but keeps when it was made',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        await store.save(lease, [rowIn('planned')]);
        const times = { createdAt: lawTime + 5, updatedAt: lawTime + 9 };
        const marks = { isAttached: true, isHeld: true };
        const later = rowIn('posted', { text: 'Rettet', change: { ...times, run: 'later', ...marks } });
        await store.save(lease, [later]);
        mustBe(await store.rows(first), [{ ...later, createdAt: lawTime }]);
      }),
  },
  {
    id: 'one-reference',
    sentence: 'a reference is one write of its company: a second one under it is refused',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const lease = await take(store);
        const row = rowIn('blocked');
        await store.save(lease, [row]);
        const twin = rowIn('blocked', { index: 1, change: { reference: row.reference } });
        const [refusal] = await refusals([store.save(lease, [twin])]);
        mustHold(refusal !== undefined, 'a second write under the same reference is taken');
        mustBe(await store.rows(first), [row]);
      }),
  },
  {
    id: 'companies-apart',
    sentence: 'two companies with the same keys, references and facts know nothing of each other',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const [own, foreign] = [rowIn('posted'), rowIn('intended', { companyId: second })];
        await store.save(await take(store), [own]);
        mustEqual([...(await store.holdersOf(second, own.voucher.facts))], [], 'facts held for another company');
        await store.save(await take(store, second), [foreign]);
        mustBe(await store.rows(first), [own]);
        mustBe(await store.rows(second), [foreign]);
      }),
  },
  {
    id: 'runs',
    sentence: 'runs are kept, brought up to date, and told the latest first, all or some',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lease = await take(store);
        const run = { companyId: first, id: 'b', kind: 'apply', startedAt: lawTime, endedAt: null } as const;
        await store.saveRun(lease, run);
        await store.saveRun(lease, { ...run, id: 'a', kind: 'undo', startedAt: lawTime + 1 });
        await store.saveRun(lease, { ...run, endedAt: lawTime + 2 });
        const told = (await other.runs(first)).map(({ id, kind, endedAt }) => [id, kind, endedAt]);
        mustEqual(
          told,
          [
            ['a', 'undo', null],
            ['b', 'apply', lawTime + 2],
          ],
          'the runs',
        );
        mustEqual(await other.runs(second), [], 'the runs of another company');
        await store.saveRun(lease, { ...run, id: 'c', startedAt: lawTime + 1 });
        const idsOf = async (part: RunPart): Promise<string[]> => (await other.runs(first, part)).map(({ id }) => id);
        mustEqual(await idsOf({ most: 2 }), ['c', 'a'], 'the latest two runs');
        mustEqual(await idsOf({ after: { startedAt: lawTime + 1, id: 'c' } }), ['a', 'b'], 'the runs before one');
        mustEqual(await idsOf({ after: { startedAt: lawTime + 1, id: 'a' }, most: 1 }), ['b'], 'one run before one');
      }),
  },
  {
    id: 'findings',
    sentence: 'what verify found is kept as it was told, and goes when its voucher is told of anew, and no other',
    prove: async (newPlace) => {
      const place = await newPlace();
      const [store, other] = [await place.open(), await place.open()];
      const lease = await take(store);
      const foreign = await take(store, second);
      const [a, b, c] = ['302321-20260302', '302321-20260303', '302321-20260304'] as const;
      const twice = [findingOf(b, { code: 'voucher-doubled' }), findingOf(b)];
      await store.saveFindings(lease, [], [findingOf(c), ...twice, findingOf(a)]);
      await store.saveFindings(foreign, [], [findingOf(a, { companyId: second })]);
      mustEqual(await other.findings(first), [findingOf(a), ...twice, findingOf(c)], 'the findings');
      const later = findingOf(a, { seenAt: lawTime + 9 });
      await store.saveFindings(lease, [a, b], [later]);
      await Promise.all([store.close(), other.close()]);
      const again = await place.open();
      mustEqual(await again.findings(first), [later, findingOf(c)], 'the findings after two were told anew');
      mustEqual(await again.findings(second), [findingOf(a, { companyId: second })], 'those of another company');
      await again.close();
    },
  },
];

/** More than a store may read at once. */
const manyRows = 700;

const statesOfRows: readonly DeliveryState[] = [
  'planned',
  'intended',
  'posted',
  'rejected',
  'conflict',
  'blocked',
  'unknown-outcome',
  'reversed',
];

/** Every state, with everything in it that a column may not hold. */
function everyKindOfRow(): DeliveryRow[] {
  const text = `Smørbrød & "kaffe" 'to' \\ 50 %; ☕\n\tlinje to`;
  const problem = { kind: 'blocked', what: text, where: 'mars', action: 'vent' } as const;
  const rows = statesOfRows.map((state, index) => {
    const row = rowIn(state, { index, text, change: { isAttached: index % 2 === 0, isHeld: index % 3 === 0 } });
    const times = { firstSentAt: lawTime, sentAt: lawTime + 1, firstMissAt: lawTime + 2, lastMissAt: lawTime + 3 };
    const counts = { attempts: 3, uncertain: 2, misses: 4, ...(index % 2 === 0 ? times : {}) };
    const told = index % 2 === 0 ? { targetId: '0012', number: '7-2026', problem } : {};
    return { ...row, delivery: { ...row.delivery, ...counts, ...told, isDoubled: state === 'conflict' } };
  });
  return rows.flatMap((row) => (row.delivery.state === 'reversed' ? [row, reversalIn('posted', row)] : [row]));
}

function mustBe(actual: readonly DeliveryRow[], expected: readonly DeliveryRow[]): void {
  mustEqual(
    actual.map(({ reference }) => reference),
    expected.map(({ reference }) => reference),
    'the rows',
  );
  for (const [index, row] of actual.entries()) {
    const wanted = expected[index];
    if (wanted === undefined || isDeepStrictEqual(asTakenUp(row), asTakenUp(wanted))) continue;
    mustEqual(asTakenUp(row), asTakenUp(wanted), `the row ${row.reference}`);
  }
}

function called(targetId: string, row: DeliveryRow): DeliveryRow {
  return { ...row, delivery: { ...row.delivery, targetId } };
}

async function headsOf(store: DeliveryStore, filter: RowFilter, after?: RowPlace): Promise<string[]> {
  const references: string[] = [];
  for await (const { reference } of store.heads(first, filter, after)) references.push(reference);
  return references;
}

async function referencesOf(rows: Promise<readonly DeliveryRow[]>): Promise<string[]> {
  return (await rows).map(({ reference }) => reference);
}
