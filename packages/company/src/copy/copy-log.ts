import { isDeepStrictEqual } from 'node:util';
import { BilagError } from '@bilag/core';
import type { DeliveryRow, DeliveryStore, Lease, RowHead } from '@bilag/engine';
import { requestTimeoutMs } from '../target/local-target.ts';
import type { CopyOptions } from './copy-company.ts';

/** How much of a log was copied. */
export interface CopiedLog {
  /** Vouchers and reversals. */
  readonly rows: number;
  readonly runs: number;
}

const rowsAtOnce = 500;
const leaseMs = 60_000;

/**
 * Copies a company's log to another, compares them, and makes the old one forgetful. Both leases are held all the time, so that
 * nothing is posted meanwhile.
 */
export async function copyLog(
  companyId: string,
  from: DeliveryStore,
  to: DeliveryStore,
  options: CopyOptions,
): Promise<CopiedLog> {
  const old = await take(from, companyId, options);
  try {
    const fresh = await take(to, companyId, options);
    try {
      const keep = async (): Promise<void> => {
        options.signal.throwIfAborted();
        for (const held of [old, fresh]) await held.keep();
      };
      await refuseOthers(companyId, from, to);
      const pinned = await from.pinnedTarget(companyId);
      if (pinned !== undefined) await to.pinTarget(fresh.lease, pinned);
      let rows = 0;
      for await (const some of rowsTogether(companyId, from)) {
        await keep();
        await to.save(fresh.lease, some);
        rows += some.length;
        options.onProgress?.({ rows });
      }
      const runs = await from.runs(companyId);
      for (const run of runs) {
        await keep();
        await to.saveRun(fresh.lease, run);
      }
      const findings = await from.findings(companyId);
      await to.saveFindings(
        fresh.lease,
        findings.map(({ reference }) => reference),
        findings,
      );
      await mustBeSame(companyId, from, to, keep);
      // The new one first: whoever is stopped between them has two that know everything, and copies again.
      if ((await from.pastOf(companyId))?.is === 'whole') await to.markWhole(fresh.lease);
      await from.markForgetful(old.lease, options.now());
      return { rows, runs: runs.length };
    } finally {
      await fresh.release();
    }
  } finally {
    await old.release();
  }
}

/** A lease that is renewed before it ends. */
interface Held {
  readonly lease: Lease;
  keep(): Promise<void>;
  release(): Promise<void>;
}

async function take(store: DeliveryStore, companyId: string, { now }: CopyOptions): Promise<Held> {
  const request = { holder: `process ${process.pid}, copying`, now: now(), leaseMs, requestTimeoutMs };
  let lease = await store.takeLease(companyId, request);
  let renewAt = now() + leaseMs / 2;
  return {
    get lease() {
      return lease;
    },
    keep: async () => {
      if (now() < renewAt) return;
      lease = await store.renewLease(lease, now(), leaseMs);
      renewAt = now() + leaseMs / 2;
    },
    release: () => store.releaseLease(lease),
  };
}

/** The old log may have been copied before, and the new one may know of vouchers that this one does not. */
async function refuseOthers(companyId: string, from: DeliveryStore, to: DeliveryStore): Promise<void> {
  if ((await from.pastOf(companyId))?.is === 'forgetful') {
    throw new BilagError('conflict', {
      what: 'deliveries went on in another log, or this one has forgotten some',
      where: from.where,
      action:
        'look where the company is kept now (bilag status there); or rebuild this log first: bilag rebuild. Nothing was copied',
    });
  }
  for await (const head of to.heads(companyId)) {
    const { key, kind, revision, reference, updatedAt } = head;
    const own = (await from.rows(companyId, { key })).find((row) => row.kind === kind && row.revision === revision);
    if (own?.reference === reference && own.updatedAt >= updatedAt) continue;
    throw otherLog(`${reference} is ${own === undefined ? 'there and not here' : 'newer there'}`, from, to);
  }
}

async function* rowsTogether(
  companyId: string,
  store: DeliveryStore,
): AsyncGenerator<readonly DeliveryRow[], void, undefined> {
  let heads: RowHead[] = [];
  const rows = async (): Promise<readonly DeliveryRow[]> =>
    store.rows(companyId, { references: heads.map(({ reference }) => reference) });
  for await (const head of store.heads(companyId)) {
    heads.push(head);
    if (heads.length < rowsAtOnce) continue;
    yield await rows();
    heads = [];
  }
  if (heads.length > 0) yield await rows();
}

async function mustBeSame(
  companyId: string,
  from: DeliveryStore,
  to: DeliveryStore,
  keep: () => Promise<void>,
): Promise<void> {
  let count = 0;
  for await (const rows of rowsTogether(companyId, from)) {
    await keep();
    const copies = await to.rows(companyId, { references: rows.map(({ reference }) => reference) });
    if (!isDeepStrictEqual(plain(copies), plain(rows))) {
      const at = rows.findIndex((row, index) => !isDeepStrictEqual(plain(copies[index]), plain(row)));
      throw otherLog(`${rows[at]?.reference ?? 'a row'} is not the same`, from, to);
    }
    count += rows.length;
  }
  for await (const _ of to.heads(companyId)) count -= 1;
  if (count !== 0) throw otherLog('more is there than here', from, to);
  if (!isDeepStrictEqual(await besideRows(companyId, to), await besideRows(companyId, from))) {
    throw otherLog('runs, findings or the pinned target differ', from, to);
  }
}

async function besideRows(companyId: string, store: DeliveryStore): Promise<unknown> {
  return plain([await store.runs(companyId), await store.findings(companyId), await store.pinnedTarget(companyId)]);
}

/** As JSON tells it: what is absent and what is undefined are the same. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function otherLog(what: string, from: DeliveryStore, to: DeliveryStore): BilagError {
  return new BilagError('conflict', {
    what: `the logs are not the same: ${what}`,
    where: `${from.where}, ${to.where}`,
    action:
      'choose an empty place, or look which of them was delivered from last (bilag status); this log stays in use',
  });
}
