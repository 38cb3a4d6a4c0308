import type { DeliveryStore, Lease } from '../log/delivery-store.ts';
import { findingOf, lawTime, request, rowIn, take } from './sample-rows.ts';
import { lawCompanies, mustEqual, mustHold, mustRefuse, refusals, withStores, type StoreLaw } from './store-law.ts';

const [company, otherCompany] = lawCompanies;
const run = { companyId: company, id: 'a', kind: 'apply', startedAt: lawTime, endedAt: null } as const;

/** One process writes for a company, and a target stays the one it was. */
export const leaseLaws: readonly StoreLaw[] = [
  {
    id: 'one-writer',
    sentence: 'a second writer for a company is told busy, by whom it is held and since when',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lease = await store.takeLease(company, request(lawTime, 'process 17'));
        const refusal = await mustRefuse(other.takeLease(company, request(lawTime + 1)), 'busy', 'a second writer');
        for (const told of ['process 17', new Date(lawTime).toISOString()]) {
          mustHold(refusal.message.includes(told), `the refusal does not tell ${told}: ${refusal.message}`);
        }
        mustEqual({ ...(await other.leaseOf(company)) }, { ...lease }, 'the lease another process sees');
        const own = await other.takeLease(otherCompany, request(lawTime));
        mustEqual(own.companyId, otherCompany, 'the lease of another company');
      }),
  },
  {
    id: 'one-of-many',
    sentence: 'of several writers that come at the same moment one gets the company',
    prove: (newPlace) =>
      withStores(
        newPlace,
        async (...stores) => {
          for (let round = 0; round < 10; round += 1) {
            const now = round * 1_000_000;
            const ends = await refusals([...stores, ...stores].map((store) => store.takeLease(company, request(now))));
            const taken = ends.filter((end) => end === undefined).length;
            mustHold(taken === 1, `${taken} of ${ends.length} writers got the company`);
            for (const end of ends) if (end !== undefined) await mustRefuse(Promise.reject(end), 'busy', 'a writer');
          }
        },
        4,
      ),
  },
  {
    id: 'taken-over',
    sentence: 'a lease that was not renewed is free when it and the longest request are over, and not before',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lease = await take(store);
        const renewed = await store.renewLease(lease, 50_000, 60_000);
        mustEqual([renewed.token, renewed.expiresAt], [lease.token, 110_000], 'the renewed lease');
        await mustRefuse(take(other, company, 110_000 + 29_999), 'busy', 'a writer that came while a request may last');
        const later = await take(other, company, 110_000 + 30_000);
        mustHold(later.token !== lease.token, 'two leases have the same token');
      }),
  },
  {
    id: 'fenced',
    sentence: 'who lost the lease, or gave it back, can write nothing any more',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lost = await take(store);
        const lease = await take(other, company, 200_000);
        await mustNotWrite(store, lost, 'one that lost the lease');
        await store.releaseLease(lost);
        mustEqual((await store.leaseOf(company))?.token, lease.token, 'the lease after the loser let go');
        await other.releaseLease(lease);
        mustHold((await store.leaseOf(company)) === undefined, 'a lease that was given back is still there');
        await mustNotWrite(other, lease, 'one that gave the lease back');
        await take(store, company, 200_001);
      }),
  },
  {
    id: 'fenced-at-once',
    sentence: 'whatever was under way when the lease went to another is written before that, or not at all',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        for (let round = 0; round < 10; round += 1) {
          const now = round * 1_000_000;
          const lost = await take(store, company, now);
          const saves = [0, 1, 2, 3, 4, 5].map((number) => {
            return store.save(lost, [rowIn('blocked', { index: round * 10 + number })]);
          });
          const ends = refusals(saves);
          const lease = await take(other, company, now + 90_000);
          const seen = await other.rows(company);
          await ends;
          mustEqual((await other.rows(company)).length, seen.length, 'the rows after the loser was done');
          await other.releaseLease(lease);
        }
      }),
  },
  {
    id: 'ended-by-a-person',
    sentence: 'a lease that a person ended writes nothing more, and the company is free when a last request is over',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const dead = await take(store);
        await other.endLease(dead, 1_000);
        await mustNotWrite(store, dead, 'one whose lease was ended');
        await mustRefuse(take(other, company, 1_000 + 29_999), 'busy', 'a writer that came while a request may last');
        const lease = await take(other, company, 1_000 + 30_000);
        await mustRefuse(store.endLease(dead, 40_000), 'conflict', 'the end of a lease that is over');
        mustEqual((await store.leaseOf(company))?.token, lease.token, 'the lease after the end of the one before');
        await other.releaseLease(lease);
        await mustRefuse(store.endLease(lease, 40_000), 'conflict', 'the end of a lease that was given back');
      }),
  },
  {
    id: 'from-the-future',
    sentence: 'a lease by a clock that is ahead is no lease to wait for: a conflict that names the clock',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const day = 86_400_000;
        await store.takeLease(company, request(lawTime + 30 * day, 'process 17'));
        const early = await take(store, otherCompany, lawTime);
        await store.renewLease(early, lawTime + 3 * day, 60_000);
        for (const companyId of lawCompanies) {
          const refusal = await mustRefuse(take(other, companyId, lawTime), 'conflict', 'a lease from the future');
          mustHold(refusal.message.includes('clock'), `the refusal does not tell of the clock: ${refusal.message}`);
        }
        const held = await other.leaseOf(company);
        mustHold(held !== undefined, 'the lease from the future is gone');
        await other.endLease(held, lawTime);
        await take(other, company, lawTime + 30_000);
      }),
  },
  {
    id: 'past',
    sentence:
      'a company is new from its first lease on, whatever is taken, pinned and written, until it is marked whole',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        mustEqual(await store.pastOf(company), undefined, 'the past of a company nobody took');
        const first = await take(store, company, lawTime);
        await store.pinTarget(first, { adapterId: 'fiken', targetCompanyId: 'C1' });
        await store.releaseLease(first);
        const lease = await take(other, company, lawTime + 5);
        await other.save(lease, [rowIn('posted')]);
        for (const each of [store, other]) {
          const { is, since } = (await each.pastOf(company)) ?? {};
          mustEqual([is, since], ['new', lawTime], 'the past before the target was looked through');
        }
        await mustRefuse(store.markWhole(first), 'busy', 'the mark of one that gave the lease back');
        await take(store, otherCompany, lawTime);
        await other.markWhole(lease);
        mustEqual((await store.pastOf(company))?.is, 'whole', 'the past after the target was looked through');
        mustEqual((await store.pastOf(otherCompany))?.is, 'new', 'the past of another company');
        await store.renewLease(lease, lawTime + 10, 60_000);
        await other.releaseLease(lease);
        await take(store, company, lawTime + 20);
        mustEqual((await other.pastOf(company))?.is, 'whole', 'the past of a whole log that was taken again');
      }),
  },
  {
    id: 'gone-on',
    sentence: 'a log that was copied to another one stays forgetful, whoever takes it, until it is marked whole',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const first = await take(store, company, lawTime);
        await store.markWhole(first);
        await store.markForgetful(first, lawTime + 5);
        await store.releaseLease(first);
        await take(store, otherCompany, lawTime);
        const lease = await take(other, company, lawTime + 10);
        const past = await store.pastOf(company);
        mustEqual([past?.is, past?.since], ['forgetful', lawTime + 5], 'the past of a log that was copied');
        mustEqual((await other.pastOf(otherCompany))?.is, 'new', 'the past of another company');
        await other.markWhole(lease);
        mustEqual((await store.pastOf(company))?.is, 'whole', 'the past after the target was looked through');
      }),
  },
  {
    id: 'pinned',
    sentence: 'a company is the one it was in the target: another one, or another target, is a conflict',
    prove: (newPlace) =>
      withStores(newPlace, async (store, other) => {
        const lease = await take(store);
        const target = { adapterId: 'fiken', targetCompanyId: 'C1' };
        mustHold((await store.pinnedTarget(company)) === undefined, 'a new company is pinned');
        await store.pinTarget(lease, target);
        await store.pinTarget(lease, target);
        for (const change of [{ targetCompanyId: 'C2' }, { adapterId: 'tripletex' }]) {
          await mustRefuse(store.pinTarget(lease, { ...target, ...change }), 'conflict', 'another target');
        }
        mustEqual({ ...(await other.pinnedTarget(company)) }, target, 'the pinned target');
        mustEqual(await other.companies(), [company], 'the companies');
      }),
  },
  {
    id: 'companies-at-once',
    sentence: 'companies that are written for at the same moment, through one store, do not undo each other',
    prove: (newPlace) =>
      withStores(newPlace, async (store) => {
        const leases = [await take(store), await take(store, otherCompany)];
        const saves: Promise<void>[] = [];
        for (let index = 0; index < 20; index += 1) {
          for (const lease of leases) {
            const { companyId } = lease;
            saves.push(store.save(lease, [rowIn('posted', { companyId, index })]));
            // A refusal of one takes back its own rows alone.
            const facts = ['taken'];
            saves.push(store.save(lease, [rowIn('intended', { companyId, index: 100 + index, facts })]));
          }
        }
        const refused = (await refusals(saves)).filter((end) => end !== undefined);
        mustEqual(refused.length, 2 * 19, 'the vouchers that came second');
        for (const companyId of lawCompanies) {
          mustEqual((await store.rows(companyId, { states: ['posted'] })).length, 20, `vouchers of ${companyId}`);
          mustEqual((await store.rows(companyId, { states: ['intended'] })).length, 1, `rivals of ${companyId}`);
        }
      }),
  },
];

async function mustNotWrite(store: DeliveryStore, lease: Lease, who: string): Promise<void> {
  await mustRefuse(store.save(lease, [rowIn('intended')]), 'busy', `a row of ${who}`);
  await mustRefuse(store.saveRun(lease, run), 'busy', `a run of ${who}`);
  await mustRefuse(store.saveFindings(lease, [], [findingOf('302321-20260302')]), 'busy', `a finding of ${who}`);
  await mustRefuse(store.pinTarget(lease, { adapterId: 'fiken', targetCompanyId: 'C1' }), 'busy', `the pin of ${who}`);
  await mustRefuse(store.renewLease(lease, 200_000, 60_000), 'busy', `a renewal of ${who}`);
  await mustRefuse(store.markWhole(lease), 'busy', `the mark of ${who}`);
  await mustRefuse(store.markForgetful(lease, 200_000), 'busy', `the other mark of ${who}`);
  const left = [await store.rows(company), await store.runs(company), await store.companies()];
  mustEqual([...left, await store.findings(company)], [[], [], [], []], `what ${who} left`);
}
