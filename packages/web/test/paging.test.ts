import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCompany, fileStores, OpenCompany, type Company, type CompanyStores } from '@bilag/company';
import { addDays, amount, createVoucher, newDelivery, plainDate } from '@bilag/core';
import { openArchive, type DeliveryRow, type DeliveryStore } from '@bilag/engine';
import { openOffice, type CompanyState } from '@bilag/office';
import { vipps } from '@bilag/vipps';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logPage } from '../src/data/log.ts';
import { officeOverview } from '../src/data/overview.ts';
import { vouchersOfMonth, vouchersOnPage } from '../src/data/vouchers.ts';
import { officeOf } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-paging-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-08-01T10:00:00Z');
const { signal } = new AbortController();
/** Vouchers of one month: one of each sale. */
const voucherCount = 1_000;
const runCount = 150;

/** The stores of files, which count what is read of the log. */
const counted = { heads: 0, rows: 0 };
const countingStores: CompanyStores = {
  ...fileStores,
  openDeliveries: async (company, options) => {
    const store = await fileStores.openDeliveries(company, options);
    return new Proxy(store, {
      get: (_, name: keyof DeliveryStore) => {
        if (name === 'heads')
          return async function* heads(...asked: Parameters<DeliveryStore['heads']>) {
            for await (const head of store.heads(...asked)) {
              counted.heads += 1;
              yield head;
            }
          };
        if (name === 'rows')
          return async (...asked: Parameters<DeliveryStore['rows']>) => {
            const rows = await store.rows(...asked);
            counted.rows += rows.length;
            return rows;
          };
        const value: unknown = store[name];
        return typeof value === 'function' ? (value.bind(store) as unknown) : value;
      },
    });
  },
};

function companyOf(index: number): Company {
  const input = {
    id: `kafe-${index}`,
    name: `Kafé ${index}`,
    organisationNumber: String(900_000_000 + index),
    country: 'NO',
    currency: 'NOK',
    store: 'database',
    source: { kind: 'vipps', keys: 'none' },
    policy: { versions: [{ from: '2026-07-01', market: 'NO', sales: { sale: '25' } }] },
  };
  return checkCompany(input, { file: 'bilag.config.ts', folder, sources: [vipps], database: countingStores });
}

function rowOf(index: number): DeliveryRow {
  const date = addDays(plainDate('2026-07-01'), index % 31);
  const facts = [`400000/funds/${date}/capture/${index}`];
  const voucher = createVoucher({
    key: `400000-${date.replaceAll('-', '')}-${index}`,
    date,
    ledgerId: '400000',
    ledgerDate: date,
    series: 'VIPPS',
    document: 'journal',
    description: 'Salg',
    currency: 'NOK',
    lines: [
      { account: '1579', amount: amount(100 + index), role: 'clearing', text: 'Salg', facts },
      { account: '3000', amount: amount(-100 - index), text: 'Salg', facts },
    ],
    facts,
  });
  return {
    companyId: 'kafe-0',
    key: voucher.key,
    revision: 1,
    kind: 'voucher',
    reference: voucher.key,
    date,
    digest: voucher.digest,
    voucher,
    delivery: { ...newDelivery('x'), state: 'posted', attempts: 1 },
    run: `run-${index % runCount}`,
    createdAt: now.getTime(),
    updatedAt: now.getTime(),
    isAttached: false,
    isHeld: false,
  };
}

beforeAll(async () => {
  const company = companyOf(0);
  const archive = await openArchive(company.archive);
  await archive.rememberLedgers([{ id: '400000', currency: 'NOK', handles: [] }]);
  const body = new TextEncoder().encode('{"items":[]}');
  const request = 'GET /report/v2/ledgers/400000/funds/dates/2026-07-31';
  const date = plainDate('2026-07-31');
  const page = { sequence: 1, body, request, receivedAt: now.toISOString() };
  await archive.store({ ledgerId: '400000', topic: 'funds', date, closed: true, pages: [page] });
  await archive.close();
  const log = await fileStores.openDeliveries(company, { create: true });
  const lease = await log.takeLease(company.id, {
    holder: 'test',
    now: now.getTime(),
    leaseMs: 60_000,
    requestTimeoutMs: 1_000,
  });
  await log.save(
    lease,
    Array.from({ length: voucherCount }, (_, index) => rowOf(index)),
  );
  for (let index = 0; index < runCount; index += 1) {
    const startedAt = now.getTime() - Math.floor(index / 2) * 1_000;
    await log.saveRun(lease, {
      companyId: company.id,
      id: `run-${index}`,
      kind: 'apply',
      startedAt,
      endedAt: startedAt + 1,
    });
  }
  await log.releaseLease(lease);
  await log.close();
}, 60_000);

async function openFirst(): Promise<OpenCompany> {
  return new OpenCompany(companyOf(0), { env: {}, now: () => now, signal });
}

test('a month of many vouchers is told page by page: each once, in the order of dates, and no page reads another', async () => {
  await using open = await openFirst();
  const seen: string[] = [];
  const asked = new URLSearchParams({ month: '2026-07' });
  for (;;) {
    Object.assign(counted, { heads: 0, rows: 0 });
    const { vouchers, next } = await vouchersOfMonth(open, asked);
    expect(counted.heads).toBeLessThanOrEqual(vouchersOnPage + 1);
    expect(counted.rows).toBeLessThanOrEqual(vouchersOnPage);
    seen.push(...vouchers.map(({ reference }) => reference));
    if (next === undefined) break;
    expect(vouchers).toHaveLength(vouchersOnPage);
    asked.set('after', next);
  }
  expect(new Set(seen).size).toBe(voucherCount);
  expect(seen).toHaveLength(voucherCount);
  expect(seen).toEqual(seen.toSorted());
});

test.each(['x', '2026-07-01/a b/1/voucher', "2026-07-01/K';DROP/1/voucher", '2026-13-01/K/1/voucher'])(
  'a place that no page gave is refused: %s',
  async (after) => {
    await using open = await openFirst();
    await expect(vouchersOfMonth(open, new URLSearchParams({ month: '2026-07', after }))).rejects.toMatchObject({
      kind: 'config',
    });
  },
);

test.each(['2026-00', '2026-13', '1999-01', 'juli', "2026-07'"])(
  'a month that is none is refused: %s',
  async (month) => {
    await using open = await openFirst();
    await expect(vouchersOfMonth(open, new URLSearchParams({ month }))).rejects.toMatchObject({ kind: 'config' });
  },
);

test('many runs are told page by page, each once and the latest first', async () => {
  await using open = await openFirst();
  const office = officeOf({ companies: [open.company], surroundings: { env: {}, now: () => now, signal } });
  const ids: string[] = [];
  for (let asked = new URLSearchParams(); ;) {
    const { done, next } = await logPage(open, office, asked);
    for (const { what } of done) if (what.is === 'run') ids.push(what.run.id);
    if (next === undefined) break;
    asked = new URLSearchParams({ after: next });
  }
  expect(new Set(ids).size).toBe(runCount);
  expect(ids).toHaveLength(runCount);
});

test('an office of many companies is told page by page, and none of them is opened', async () => {
  const store = await openOffice(join(folder, 'office.sqlite'));
  const night = await store.beginNight({ target: 'books', at: 1, goesOnSince: 0 });
  const companies = Array.from({ length: 450 }, (_, index) => companyOf(index));
  for (const { id } of companies) {
    const asksFor = id === 'kafe-44' ? 'person' : 'nothing';
    const reasons = asksFor === 'person' ? [{ what: 'the keys are wrong', where: id, action: 'renew them' }] : [];
    const state: CompanyState = {
      companyId: id,
      target: 'books',
      at: 1,
      asksFor,
      reasons,
      fetched: 0,
      posted: 0,
      topics: [],
    };
    await store.saveCompany(night, state);
  }
  const whole = officeOf({ companies, store, surroundings: { env: {}, now: () => now, signal } });
  const office = { ...whole, with: () => Promise.reject(new Error('a company was opened')) };
  const ids: string[] = [];
  for (const asked = new URLSearchParams(); ;) {
    const page = await officeOverview(office, asked);
    expect(page).toMatchObject({ count: 450, person: 1, retry: 0 });
    for (const { id, state } of page.companies) {
      expect(state?.companyId).toBe(id);
      ids.push(id);
    }
    if (page.next === undefined) break;
    asked.set('after', page.next);
  }
  expect(ids).toEqual(companies.map(({ id }) => id).sort());
  const asking = await officeOverview(office, new URLSearchParams({ show: 'person' }));
  expect(asking.companies.map(({ id }) => id)).toEqual(['kafe-44']);
  await store.close();
});
