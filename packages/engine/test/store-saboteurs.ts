import { setImmediate as laterTurn, setTimeout as delay } from 'node:timers/promises';
import { BilagError, type DeliveryState } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, Lease, RowFilter } from '../src/index.ts';
import { holdingStates } from '../src/index.ts';

/** A store with one mistake that somebody could make, and the law that must tell. */
export interface StoreSaboteur {
  readonly breaks: string;
  readonly mistake: string;
  readonly mistaken: (store: DeliveryStore) => DeliveryStore;
}

/** The last of those who take a lease one after the other. */
let takingLeases: Promise<void> = Promise.resolve();

export const storeSaboteurs: readonly StoreSaboteur[] = [
  {
    breaks: 'as-saved',
    mistake: 'times are kept in 32 bits',
    mistaken: (store) =>
      changed(store, {
        save: (lease, rows) =>
          store.save(
            lease,
            rows.map(({ delivery, ...row }) => {
              return {
                ...row,
                delivery: { ...delivery, sentAt: delivery.sentAt === null ? null : delivery.sentAt | 0 },
              };
            }),
          ),
      }),
  },
  {
    breaks: 'ordered',
    mistake: 'rows come as they were written',
    mistaken: (store) => {
      const written: string[] = [];
      return changed(store, {
        save: async (lease, rows) => {
          await store.save(lease, rows);
          written.push(...rows.map(({ reference }) => reference));
        },
        rows: async (companyId, filter) =>
          [...(await store.rows(companyId, filter))].sort(
            (a, b) => written.indexOf(a.reference) - written.indexOf(b.reference),
          ),
      });
    },
  },
  {
    breaks: 'filtered',
    mistake: 'the last date is left out',
    mistaken: (store) =>
      changed(store, {
        rows: async (companyId, filter) =>
          (await store.rows(companyId, filter)).filter(({ date }) => filter?.to === undefined || date < filter.to),
      }),
  },
  {
    breaks: 'filtered',
    mistake: 'of many keys only the first is looked for, so that what is posted seems new',
    mistaken: (store) =>
      changed(store, {
        heads: (companyId, filter) => store.heads(companyId, { ...filter, ...firstOf('keys', filter) }),
      }),
  },
  {
    breaks: 'filtered',
    mistake: 'what the target shows under another reference is not known by its id',
    mistaken: (store) =>
      changed(store, {
        rows: async (companyId, filter) => (filter?.targetIds === undefined ? store.rows(companyId, filter) : []),
      }),
  },
  {
    breaks: 'heads',
    mistake: 'a long log is told as far as one answer goes',
    mistaken: (store) =>
      changed(store, {
        heads: async function* (companyId, filter) {
          let count = 0;
          for await (const head of store.heads(companyId, filter)) if ((count += 1) <= 1_000) yield head;
        },
      }),
  },
  {
    breaks: 'heads',
    mistake: 'a reversal is lost where one answer ends and the next begins after its voucher',
    mistaken: (store) =>
      changed(store, {
        heads: async function* (companyId, filter) {
          let count = 0;
          for await (const head of store.heads(companyId, filter)) {
            count += 1;
            if (count <= 500 || head.kind === 'voucher' || count > 510) yield head;
          }
        },
      }),
  },
  {
    breaks: 'after',
    mistake: 'a reversal is taken for read when its voucher is',
    mistaken: (store) =>
      changed(store, {
        heads: async function* (companyId, filter, after) {
          for await (const head of store.heads(companyId, filter, after))
            if (after === undefined || head.key !== after.key || head.revision !== after.revision) yield head;
        },
      }),
  },
  {
    breaks: 'after',
    mistake: 'with another filter everything is told again',
    mistaken: (store) =>
      changed(store, {
        heads: (companyId, filter, after) =>
          store.heads(companyId, filter, filter?.states === undefined ? after : undefined),
      }),
  },
  {
    breaks: 'brought-up-to-date',
    mistake: 'a later save replaces when it was made',
    mistaken: (store) => {
      const made = new Map<string, number>();
      return changed(store, {
        save: async (lease, rows) => {
          await store.save(lease, rows);
          for (const { reference, createdAt } of rows) made.set(reference, createdAt);
        },
        rows: async (companyId, filter) =>
          (await store.rows(companyId, filter)).map((row) => {
            return { ...row, createdAt: made.get(row.reference) ?? row.createdAt };
          }),
      });
    },
  },
  {
    breaks: 'brought-up-to-date',
    mistake: 'a voucher that is held later is not kept as held, and posted again the next night',
    mistaken: (store) => {
      const first = new Map<string, boolean>();
      return changed(store, {
        save: (lease, rows) =>
          store.save(
            lease,
            rows.map((row) => {
              const isHeld = first.get(row.reference) ?? row.isHeld;
              first.set(row.reference, isHeld);
              return { ...row, isHeld };
            }),
          ),
      });
    },
  },
  {
    breaks: 'one-reference',
    mistake: 'a second write under a reference takes the place of the first',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => {
          for (const row of rows) {
            const [known] = await store.rows(row.companyId, { reference: row.reference });
            await store.save(lease, [known === undefined ? row : { ...row, key: known.key }]);
          }
        },
      }),
  },
  {
    breaks: 'companies-apart',
    mistake: 'facts are looked for in all companies',
    mistaken: (store) =>
      changed(store, { holdersOf: async (_, facts) => new Map(facts.map((fact) => [fact, 'somebody'])) }),
  },
  {
    breaks: 'runs',
    mistake: 'the end of a run is not kept',
    mistaken: (store) =>
      changed(store, { saveRun: async (lease, run) => (run.endedAt === null ? store.saveRun(lease, run) : undefined) }),
  },
  {
    breaks: 'runs',
    mistake: 'runs that began in the same moment are one',
    mistaken: (store) =>
      changed(store, {
        runs: async (companyId, part) =>
          (await store.runs(companyId, part)).filter(({ startedAt }) => startedAt !== part?.after?.startedAt),
      }),
  },
  {
    breaks: 'findings',
    mistake: 'findings take the place of all that the company had',
    mistaken: (store) =>
      changed(store, {
        saveFindings: async (lease, _, findings) => {
          const all = (await store.findings(lease.companyId)).map(({ reference }) => reference);
          await store.saveFindings(lease, all, findings);
        },
      }),
  },
  {
    breaks: 'fact-held',
    mistake: 'a voucher without an answer holds nothing, so that its sales are posted again',
    mistaken: (store) =>
      heldAs(store, ({ delivery }) => (delivery.state === 'unknown-outcome' ? 'planned' : delivery.state)),
  },
  {
    breaks: 'fact-let-go',
    mistake: 'a refused voucher holds its facts for ever',
    mistaken: (store) => heldAs(store, ({ delivery }) => (delivery.state === 'rejected' ? 'posted' : delivery.state)),
  },
  {
    breaks: 'fact-handed-over',
    mistake: 'rows are saved one by one, in the order given',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => {
          for (const row of rows) await store.save(lease, [row]);
        },
      }),
  },
  {
    breaks: 'reversal-holds-nothing',
    mistake: 'the facts of a voucher are let go of when its reversal is refused',
    mistaken: (store) => {
      const freed = new Set<string>();
      return changed(store, {
        save: async (lease, rows) => {
          await store.save(lease, rows);
          for (const { kind, delivery, voucher } of rows) {
            if (kind === 'reversal' && delivery.state === 'rejected') for (const fact of voucher.facts) freed.add(fact);
          }
        },
        holdersOf: async (companyId, facts) =>
          new Map([...(await store.holdersOf(companyId, facts))].filter(([fact]) => !freed.has(fact))),
      });
    },
  },
  {
    breaks: 'all-or-none',
    mistake: 'each row is a transaction of its own',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => {
          const lettingGoFirst = [...rows].sort((a, b) => Number(isHolding(a)) - Number(isHolding(b)));
          for (const row of lettingGoFirst) await store.save(lease, [row]);
        },
      }),
  },
  {
    breaks: 'facts-at-once',
    mistake: 'the holders are looked up before the transaction',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => {
          const facts = rows.flatMap(({ voucher }) => voucher.facts);
          const held = await store.holdersOf(lease.companyId, facts);
          await laterTurn();
          // What this store writes now nobody looks at: both would be in the log.
          if (held.size > 0) await store.save(lease, rows);
        },
      }),
  },
  {
    breaks: 'one-writer',
    mistake: 'everybody gets a company',
    mistaken: (store) =>
      changed(store, {
        takeLease: async (companyId, asked) => {
          const held = await store.leaseOf(companyId);
          if (held !== undefined) await store.releaseLease(held);
          return store.takeLease(companyId, asked);
        },
      }),
  },
  {
    breaks: 'one-of-many',
    mistake: 'who holds a company is looked up before the transaction',
    mistaken: (store) =>
      changed(store, {
        takeLease: async (companyId, asked) => {
          const held = await store.leaseOf(companyId);
          // Long enough that others look, too, also over a network; then one after the other.
          await delay(200);
          const before = takingLeases;
          const over = Promise.withResolvers<void>();
          takingLeases = over.promise;
          await before;
          try {
            if (held === undefined || asked.now >= held.expiresAt + asked.requestTimeoutMs) {
              const other = await store.leaseOf(companyId);
              if (other !== undefined) await store.releaseLease(other);
            }
            return await store.takeLease(companyId, asked);
          } finally {
            over.resolve();
          }
        },
      }),
  },
  {
    breaks: 'taken-over',
    mistake: 'the last request of who died is not waited for',
    mistaken: (store) =>
      changed(store, {
        takeLease: (companyId, asked) => store.takeLease(companyId, { ...asked, requestTimeoutMs: 0 }),
      }),
  },
  {
    breaks: 'fenced',
    mistake: 'a row is written without a look at the lease',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => store.save((await store.leaseOf(lease.companyId)) ?? lease, rows),
      }),
  },
  {
    breaks: 'fenced-at-once',
    mistake: 'the lease is looked at before the transaction',
    mistaken: (store) =>
      changed(store, {
        save: async (lease, rows) => {
          const held = await store.leaseOf(lease.companyId);
          if (held?.token !== lease.token) return store.save(lease, rows);
          // Longer than a disk takes to keep the lease of whoever comes.
          await delay(60);
          return store.save((await store.leaseOf(lease.companyId)) ?? lease, rows);
        },
      }),
  },
  {
    breaks: 'ended-by-a-person',
    mistake: 'a lease that was ended is deleted, and nobody waits for its last request',
    mistaken: (store) => changed(store, { endLease: (held) => store.releaseLease(held) }),
  },
  {
    breaks: 'from-the-future',
    mistake: 'whoever comes waits until a clock that is ahead is right',
    mistaken: (store) =>
      changed(store, {
        takeLease: async (companyId, asked) => {
          const held = await store.leaseOf(companyId);
          const isBusy = held !== undefined && asked.now < held.expiresAt + asked.requestTimeoutMs;
          if (isBusy) throw new BilagError('busy', { what: 'held', where: companyId, action: 'wait' });
          return store.takeLease(companyId, asked);
        },
      }),
  },
  {
    breaks: 'past',
    mistake: 'a company begins anew with every lease',
    mistaken: (store) => {
      const began = new Map<string, number>();
      return changed(store, {
        takeLease: async (companyId, asked) => {
          const lease = await store.takeLease(companyId, asked);
          began.set(companyId, asked.now);
          return lease;
        },
        pastOf: async (companyId) => {
          const past = await store.pastOf(companyId);
          return past && { ...past, since: began.get(companyId) ?? past.since };
        },
      });
    },
  },
  {
    breaks: 'gone-on',
    mistake: 'the mark goes with the lease',
    mistaken: (store) => {
      const gone = new Set<string>();
      return changed(store, {
        markForgetful: async ({ companyId }) => void gone.add(companyId),
        pastOf: async (companyId) => {
          const past = await store.pastOf(companyId);
          const isGone = gone.has(companyId) && (await store.leaseOf(companyId)) === undefined;
          return past && isGone ? { ...past, is: 'forgetful' } : past;
        },
      });
    },
  },
  {
    breaks: 'pinned',
    mistake: 'the adapter is not compared',
    mistaken: (store) =>
      changed(store, {
        pinTarget: async (lease: Lease, target) => {
          const pinned = await store.pinnedTarget(lease.companyId);
          await store.pinTarget(lease, { ...target, adapterId: pinned?.adapterId ?? target.adapterId });
        },
      }),
  },
  {
    breaks: 'companies-at-once',
    mistake: 'one connection, and what is written between BEGIN and COMMIT of another is lost with it',
    mistaken: (store) => {
      let open = 0;
      return changed(store, {
        save: async (lease, rows) => {
          open += 1;
          await laterTurn();
          const isAlone = open === 1;
          open -= 1;
          if (isAlone || lease.companyId === 'kaffebaren') await store.save(lease, rows);
        },
      });
    },
  },
];

/** A store with some of its methods exchanged. */
export function changed<Store extends object>(store: Store, change: Partial<Store>): Store {
  return new Proxy(store, {
    get: (_, name) => {
      const value: unknown = Reflect.get(name in change ? change : store, name);
      return typeof value === 'function' ? (value.bind(store) as unknown) : value;
    },
  });
}

function firstOf(name: 'keys', filter: RowFilter | undefined): RowFilter {
  return filter?.[name] === undefined ? {} : { [name]: filter[name].slice(0, 1) };
}

function isHolding({ kind, delivery }: DeliveryRow): boolean {
  return kind === 'voucher' && holdingStates.includes(delivery.state);
}

/** Treats the facts of a row as if it were in another state. */
function heldAs(store: DeliveryStore, stateOf: (row: DeliveryRow) => DeliveryState): DeliveryStore {
  const kept = new Map<string, DeliveryRow['delivery']>();
  return changed(store, {
    save: async (lease, rows) => {
      for (const { reference, delivery } of rows) kept.set(reference, delivery);
      const treated = rows.map((row) => ({ ...row, delivery: { ...row.delivery, state: stateOf(row) } }));
      await store.save(lease, treated);
    },
    rows: async (companyId, filter) =>
      (await store.rows(companyId, filter)).map((row) => {
        return { ...row, delivery: kept.get(row.reference) ?? row.delivery };
      }),
  });
}
