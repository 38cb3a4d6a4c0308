import { mustEqual, mustHold, type StoreLaw, withStores } from '@bilag/engine/store-laws';
import type { SeenLedger } from './discovery/ledger-changes.ts';
import type { Act, CompanyState, NightRun, OfficeStore } from './store/office-store.ts';

type OfficeLaw = StoreLaw<OfficeStore>;

/**
 * What every `OfficeStore` must keep, for any test runner, as `@bilag/engine/store-laws` for its stores. A store of your own
 * that breaks one may deliver what a person had to confirm first, or forget who needs one.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openOffice } from '@bilag/office';
 * import { officeLaws } from '@bilag/office/store-laws';
 *
 * const newPlace = async () => {
 *   const path = join(await mkdtemp(join(tmpdir(), 'office-')), 'office.sqlite');
 *   return { open: () => openOffice(path) };
 * };
 * // In a test file: for (const law of officeLaws) test(law.sentence, () => law.prove(newPlace));
 * const [law] = officeLaws;
 * await law?.prove(newPlace);
 * law?.id; // => 'looks'
 * ```
 */
export const officeLaws: readonly OfficeLaw[] = [
  {
    id: 'looks',
    sentence:
      'what keys saw last is remembered by keys and ledger, also what is gone, and whoever opens the store sees it',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        await store.look('keys', [ledger('b'), ledger('a')], 1);
        await store.look('other keys', [ledger('c')], 1);
        await store.look('keys', [ledger('b', { payoutAccount: null })], 2);
        const known = await other.ledgers('keys');
        mustEqual(
          known.map(({ id, firstSeen, lastSeen, isGone }) => [id, firstSeen, lastSeen, isGone]),
          [
            ['a', 1, 1, true],
            ['b', 1, 2, false],
          ],
          'the ledgers',
        );
        mustEqual(known[1]?.payoutAccount, 'BBAN:NO 1', 'an account that was not told again');
        mustEqual(known[1]?.units, ['api:b'], 'the units');
        mustEqual(await other.ledgers('nobody'), [], 'the ledgers of other keys');
      }),
  },
  {
    id: 'changes',
    sentence: 'each change between two looks is kept once, the latest first, also of two looks at once',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        await store.look('keys', [ledger('a'), ledger('b')], 1);
        const elsewhere = [ledger('a', { payoutAccount: 'BBAN:NO 2' }), ledger('b')];
        const found = await Promise.all([store.look('keys', elsewhere, 2), other.look('keys', elsewhere, 2)]);
        mustEqual(
          found.flat().map(({ kind, ledgerId }) => [kind, ledgerId]),
          [['payout-account', 'a']],
          'the changes of two looks',
        );
        await store.look('keys', [ledger('a', { payoutAccount: 'BBAN:NO 2' })], 3);
        const kept = await other.changes();
        mustEqual(
          kept.map(({ kind, at }) => [kind, at]),
          [
            ['gone', 3],
            ['payout-account', 2],
            ['new', 1],
            ['new', 1],
          ],
          'the changes',
        );
        mustEqual(
          await other.changes({ ledgerIds: ['b'], since: 3 }),
          kept.slice(0, 1),
          'those of one ledger since then',
        );
        mustEqual(await other.changes({ ledgerIds: [] }), [], 'those of no ledger');
        mustEqual(new Set(kept.map(({ id }) => id)).size, 4, 'how many ids there are');
      }),
  },
  {
    id: 'confirmed-once',
    sentence: 'what a person has to confirm is open until then, whatever comes later, and says who confirmed it',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        await store.look('keys', [ledger('a')], 1);
        await store.look('keys', [ledger('a', { payoutAccount: 'BBAN:NO 2' })], 2);
        // The account goes back, and the ledger goes: neither is a person's word.
        await store.look('keys', [ledger('a')], 3);
        await store.look('keys', [], 4);
        const open = await other.changes({ isOpen: true });
        mustEqual(
          open.map(({ at, confirmed }) => [at, confirmed]),
          [
            [3, null],
            [2, null],
          ],
          'what is open',
        );
        mustEqual(await store.confirm('b', { by: 'Kari', at: 5 }), [], 'what was open of another ledger');
        const confirmed = open.map((change) => ({ ...change, confirmed: { by: 'Kari', at: 5 } }));
        mustEqual(await store.confirm('a', { by: 'Kari', at: 5 }), confirmed, 'what was confirmed');
        mustEqual(await other.changes({ isOpen: true }), [], 'what is open after that');
        mustEqual(await other.confirm('a', { by: 'Ola', at: 6 }), [], 'what is confirmed a second time');
        const asked = (await other.changes({ ledgerIds: ['a'] })).filter(({ asks }) => asks === 'confirm');
        mustEqual(asked, confirmed, 'who confirmed it');
      }),
  },
  {
    id: 'nights',
    sentence:
      'a night that was cut off is gone on with, one that has ended or is too old is not, and targets are apart',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const begin = (at: number, goesOnSince: number, target = 'books'): Promise<NightRun> =>
          other.beginNight({ target, at, goesOnSince });
        const first = await store.beginNight({ target: 'books', at: 10, goesOnSince: 0 });
        mustEqual(await begin(20, 10), first, 'a night that was cut off');
        mustHold((await begin(20, 0, 'others')).id !== first.id, 'a night of another target is gone on with');
        const second = await begin(30, 11);
        mustHold(second.id !== first.id, 'a night that is too old is gone on with');
        await store.endNight(second, 40);
        const third = await begin(50, 0);
        mustHold(third.id !== second.id && third.id !== first.id, 'a night that has ended is gone on with');
        mustEqual(
          (await other.nights(2)).map(({ id, endedAt }) => [id, endedAt]),
          [
            [third.id, null],
            [second.id, 40],
          ],
          'the last nights',
        );
      }),
  },
  {
    id: 'companies',
    sentence: 'each company stands as it stood last, for each target, and a night knows which it is done with',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const night = await store.beginNight({ target: 'books', at: 1, goesOnSince: 0 });
        const states = [company('b', 'retry'), company('a', 'person'), company('c', 'nothing')];
        for (const state of states) await store.saveCompany(night, state);
        await store.saveCompany(night, { ...company('a', 'nothing'), target: 'others' });
        mustEqual([...(await other.companiesOf(night))].toSorted(), ['a', 'b', 'c'], 'who is done with');
        mustEqual(
          await Array.fromAsync(other.companies({ asksFor: 'person' })),
          [company('a', 'person')],
          'who needs one',
        );
        const later = await store.beginNight({ target: 'books', at: 9, goesOnSince: 9 });
        await store.saveCompany(later, { ...company('a', 'nothing'), at: 9 });
        mustEqual([...(await other.companiesOf(later))], ['a'], 'who is done with in the next night');
        mustEqual(await Array.fromAsync(other.companies({ asksFor: 'person' })), [], 'who needs one after that');
        mustEqual(
          (await Array.fromAsync(other.companies())).map(({ companyId, target, at }) => [companyId, target, at]),
          [
            ['a', 'books', 9],
            ['a', 'others', 1],
            ['b', 'books', 1],
            ['c', 'books', 1],
          ],
          'the companies',
        );
      }),
  },
  {
    id: 'many-companies',
    sentence: 'companies beyond any page of the store are all read, each once, from any company on',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const night = await store.beginNight({ target: 'books', at: 1, goesOnSince: 0 });
        const ids = Array.from({ length: 450 }, (_, index) => `kafe-${String(index).padStart(3, '0')}`);
        for (const id of ids) await store.saveCompany(night, company(id, 'retry'));
        const read = await Array.fromAsync(other.companies({ asksFor: 'retry' }));
        mustEqual(
          read.map(({ companyId }) => companyId),
          ids,
          'the companies',
        );
        await store.saveCompany(night, { ...company('kafe-447', 'retry'), target: 'others' });
        for (const filter of [{}, { asksFor: 'retry' }] as const) {
          const rest = await Array.fromAsync(other.companies({ ...filter, after: 'kafe-447' }));
          mustEqual(
            rest.map(({ companyId }) => companyId),
            ['kafe-448', 'kafe-449'],
            'the companies after one that has two targets',
          );
        }
      }),
  },
  {
    id: 'reasons',
    sentence:
      'what waits for a person stays, as old as it is, until a night that has looked at everything does not find it',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const night = await store.beginNight({ target: 'books', at: 1, goesOnSince: 0 });
        const found = async (
          at: number,
          state: Partial<CompanyState>,
          ...whats: readonly string[]
        ): Promise<unknown> => {
          const reasons = whats.map((what) => ({ what, where: 'voucher 1', action: 'look' }));
          await store.saveCompany(night, { ...company('b', 'person'), at, reasons, ...state });
          const kept = await Array.fromAsync(other.reasons({ companyId: 'b' }));
          return kept.map(({ what, foundAt, seenAt }) => [what, foundAt, seenAt]);
        };
        await store.saveCompany(night, { ...company('c', 'person'), target: 'others' });
        await store.saveCompany(night, company('a', 'person'));
        mustEqual(
          await found(2, {}, 'rejected', 'at 10:00'),
          [
            ['rejected', 2, 2],
            ['at 10:00', 2, 2],
          ],
          'what was found',
        );
        mustEqual(
          await found(3, {}, 'at 11:30', 'gone'),
          [
            ['at 11:30', 2, 3],
            ['gone', 3, 3],
          ],
          'what is there a night later',
        );
        const retry = { asksFor: 'retry' } as const;
        mustEqual(
          await found(4, retry, 'busy'),
          [
            ['at 11:30', 2, 3],
            ['gone', 3, 3],
          ],
          'what a night leaves that could not look',
        );
        const partial = { isPartial: true };
        mustEqual(
          await found(5, partial, 'gone', 'more'),
          [
            ['at 11:30', 2, 3],
            ['gone', 3, 5],
            ['more', 5, 5],
          ],
          'what one leaves that saw a part',
        );
        const all = await Array.fromAsync(other.reasons());
        mustEqual(
          all.map(({ companyId, target }) => `${companyId} ${target}`),
          ['a books', 'b books', 'b books', 'b books', 'c others'],
          'all of them',
        );
        mustEqual(await found(6, { asksFor: 'nothing' }), [], 'what is left after a night that found nothing');
        mustEqual((await Array.fromAsync(other.reasons())).length, 2, 'how many of other companies are left');
      }),
  },
  {
    id: 'acts',
    sentence: 'what a person does is written down before, the latest first, and how it ended once',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const begin = async (companyId: string, at: number): Promise<Act> =>
          store.beginAct({ companyId, kind: 'undo', what: `voucher ${at}`, by: 'Kari', at });
        const acts = [await begin('a', 1), await begin('b', 2), await begin('a', 3)] as const;
        mustEqual(await other.acts({ most: 9 }), acts.toReversed(), 'what was begun');
        const ended = { at: 5, how: 'reversed', isDone: true };
        await store.endAct(acts[0].id, ended);
        await other.endAct(acts[0].id, { at: 6, how: 'refused', isDone: false });
        mustEqual(
          await other.acts({ companyId: 'a', most: 9 }),
          [acts[2], { ...acts[0], ended }],
          'those of one company',
        );
        mustEqual(await other.acts({ before: acts[2].id, most: 1 }), [acts[1]], 'the next after the latest');
        mustEqual(
          await other.acts({ companyId: 'a', before: acts[2].id, most: 9 }),
          [{ ...acts[0], ended }],
          'the next of one company',
        );
      }),
  },
];

function ledger(id: string, changes: Partial<SeenLedger> = {}): SeenLedger {
  const usual = { currency: 'NOK', owner: '987654321', units: [`api:${id}`], payoutAccount: 'BBAN:NO 1' };
  return { id, ...usual, ...changes };
}

function company(companyId: string, asksFor: CompanyState['asksFor']): CompanyState {
  const reasons = asksFor === 'nothing' ? [] : [{ what: 'the keys are wrong', where: companyId, action: 'renew them' }];
  return {
    companyId,
    target: 'books',
    at: 1,
    asksFor,
    reasons,
    fetched: 2,
    posted: 1,
    topics: [{ ledgerId: '302321', topic: 'funds', closedThrough: null }],
  };
}
