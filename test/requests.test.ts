import { openServiceWorld, type ServiceSubject } from '../packages/conformance/src/index.ts';
import { addDays, plainDate, zero, type BookedDate, type Voucher } from '../packages/core/src/index.ts';
import { apply, openDeliveryLog, plan } from '../packages/engine/src/index.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { subjects as businessCentral } from '../adapters/business-central/test/conformance.ts';
import { subjects as eAccounting } from '../adapters/eaccounting/test/conformance.ts';
import { subjects as economic } from '../adapters/economic/test/conformance.ts';
import { subjects as fiken } from '../adapters/fiken/test/conformance.ts';
import { subjects as fortnox } from '../adapters/fortnox/test/conformance.ts';
import { subjects as powerOffice } from '../adapters/poweroffice/test/conformance.ts';
import { subjects as tripletex } from '../adapters/tripletex/test/conformance.ts';
import { subjects as xero } from '../adapters/xero/test/conformance.ts';
import { subjects as unimicro } from '../adapters/unimicro/test/conformance.ts';

const first = plainDate('2025-01-01');

/** How many requests it takes to post so many days, each with a file, to a company that was posted to before. */
async function requestsFor(count: number, subject: ServiceSubject<never>): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const world = await openServiceWorld(subject);
  resources.defer(() => world.close());
  const folder = mkdtempSync(join(tmpdir(), 'requests-'));
  resources.defer(() => rmSync(folder, { recursive: true }));
  const store = await openDeliveryLog(join(folder, 'delivery.sqlite'));
  resources.defer(() => store.close());
  const days = Array.from({ length: count + 1 }, (_, day) => {
    const date = addDays(first, day);
    const changes = { key: `400001-${date.replaceAll('-', '')}`, date, ledgerDate: date };
    return day % 2 === 0
      ? world.vouchers.sales(undefined, changes)
      : world.vouchers.payout(undefined, undefined, changes);
  }).map((voucher, day): Voucher => ({ ...voucher, facts: [`fact ${day}`] }));
  const { now, sleep } = world.time;
  const context = {
    companyId: 'kaffebaren',
    store,
    adapter: world.adapter,
    service: world.connect(),
    clock: { now, sleep, signal: new AbortController().signal },
  };
  const content = new TextEncoder().encode('hva bilaget er laget av');
  const attachment = () => ({ name: 'source.txt', mediaType: 'text/plain', content });
  const post = async (vouchers: readonly Voucher[]): Promise<void> => {
    const period = { from: first, to: addDays(first, count) };
    const made = await plan({ companyId: 'kaffebaren', store, ...period, dates: vouchers.map(bookedDate) });
    const { outcomes, end } = await apply(made, context, { attachment, revenueIsOurs: true });
    expect([end, outcomes.find(({ problem }) => problem !== null)]).toEqual(['done', undefined]);
  };
  await post(days.slice(0, 1));
  const before = world.requests.length;
  await post(days);
  return world.requests.length - before;
}

function bookedDate(voucher: Voucher): BookedDate {
  const { ledgerId, ledgerDate: date, currency } = voucher;
  const none = { provider: zero, books: zero };
  const balances = [{ ledgerId, funds: none, inTransit: zero, preBooked: zero }] as const;
  return { ledgerId, date, currency, bookable: true, vouchers: [voucher], findings: [], balances, totals: [] as never };
}

test.each([
  // The voucher, what it became, and its file; what is looked up is looked up for many at once.
  ['Tripletex', tripletex[0], 3],
  ['PowerOffice Go', powerOffice[0], 3],
  // A sale is read back in two.
  ['Fiken', fiken[0], 4],
  // A number that is free is looked for among drafts and booked entries.
  ['e-conomic', economic[0], 5],
  // The journal, read back, and its file.
  ['Xero', xero[0], 3],
  // Which dates are open, the lines and what they became; a file is made and then filled.
  ['Business Central', businessCentral[0], 5],
  // A file is laid in the inbox, and then on its voucher.
  ['Fortnox', fortnox[0], 4],
  ['Unimicro', unimicro[1], 3],
  // A file is stored, and then linked to its voucher.
  ['Visma eAccounting', eAccounting[1], 4],
] as const)('%s is asked no more for each voucher, however many there are', async (_, subject, most) => {
  const [few, many] = [await requestsFor(50, subject as never), await requestsFor(120, subject as never)];
  // Lists are read for fifty vouchers at once.
  expect((many - few) / 70).toBeLessThanOrEqual(most + 0.2);
  expect(few / 50).toBeLessThanOrEqual(most + 0.6);
});
