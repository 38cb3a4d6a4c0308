import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, plainDate, zero, type BookedDate, type PlainDate } from '@bilag/core';
import { apply, openDeliveryLog, plan, undo, verify, type DeliveryContext, type Plan } from '@bilag/engine';
import { powerOffice } from '@bilag/poweroffice';
import { afterAll, describe, expect, test } from 'vitest';
import { openStage, plain, sale, voucher, type Stage } from './connections.ts';

const folder = mkdtempSync(join(tmpdir(), 'bilag-poweroffice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const from = plainDate('2026-03-01');
const to = plainDate('2026-03-05');
const dates: readonly PlainDate[] = [0, 1, 2, 3, 4].map((days) => addDays(from, days));
let logs = 0;

/** A date's sales and its fee, as `book()` gives them. */
function booked(date: PlainDate): BookedDate {
  const facts = [`capture ${date}`, `fee ${date}`];
  const lines = [plain('1579', 97_100), plain('7770', 2_900), sale(-100_000)].map((line) => ({ ...line, facts }));
  const ledgerId = '302321';
  return {
    ledgerId,
    date,
    currency: 'NOK',
    bookable: true,
    vouchers: [voucher({ date, lines, facts })],
    findings: [],
    balances: [{ ledgerId, funds: { provider: zero, books: zero }, inTransit: zero, preBooked: zero }],
    totals: [
      { ledgerId, captures: zero, refunds: zero, fees: zero, payouts: zero, other: zero, entries: facts.length },
    ],
  };
}

async function openWay(stage: Stage): Promise<{ context: DeliveryContext; planned(): Promise<Plan> }> {
  logs += 1;
  const store = await openDeliveryLog(join(folder, `log-${logs}.sqlite`));
  const context: DeliveryContext = {
    companyId: 'kaffebaren',
    store,
    adapter: powerOffice,
    service: stage.connect({ clearingAccounts: ['1579'] }),
    clock: stage.context,
    requestTimeoutMs: 1_000,
  };
  const planned = (): Promise<Plan> => plan({ companyId: 'kaffebaren', store, from, to, dates: dates.map(booked) });
  return { context, planned };
}

describe('the whole way', () => {
  test('five dates over a bad line are each there once, checked, and taken back', async () => {
    await using stage = await openStage();
    const { context, planned } = await openWay(stage);
    const { faults, backDoor } = stage.simulator;
    // One is booked and its reply lost, one is booked and answered by 500, one never arrives, one is turned away.
    faults.arm({ kind: 'cut', strikes: 'after', on: 'post' });
    faults.arm({ kind: 'status', status: 500, strikes: 'after', on: 'post' });
    faults.arm({ kind: 'cut', on: 'post' });
    faults.arm({ kind: 'status', status: 429, on: 'post' });

    const posted = await apply(await planned(), context);
    expect([posted.end, posted.outcomes.map(({ state }) => state)]).toEqual(['done', dates.map(() => 'posted')]);
    const client = backDoor.client();
    expect(
      client
        .vouchers()
        .map(({ externalImportReference }) => externalImportReference)
        .toSorted(),
    ).toEqual(dates.map((date) => `302321-${date.replaceAll('-', '')}`));
    expect(client.balances()).toMatchObject({ '1579': 485_500, '7770': 14_500, '3000': -400_000, '2700': -100_000 });
    expect((await planned()).counts).toMatchObject({ unchanged: 5, new: 0 });
    expect(await verify({ from, to }, context)).toEqual({ checked: 5, findings: [] });

    const undone = await undo({ from, to }, context, { confirm: () => true });
    expect([undone.end, undone.outcomes.length]).toEqual(['done', 5]);
    expect(new Set(Object.values(client.balances()))).toEqual(new Set([0]));
    // Nothing was reversed in PowerOffice itself: every reference stays taken.
    expect(client.vouchers().every(({ isReversed }) => !isReversed)).toBe(true);
    expect(stage.simulator.failures).toEqual([]);
    await context.store.close();
  });

  test('what a person corrected, and what a person reversed, is found', async () => {
    await using stage = await openStage();
    const { context, planned } = await openWay(stage);
    await apply(await planned(), context);
    const client = stage.simulator.backDoor.client();
    const [first, second] = client.vouchers();
    client.reverse(first?.id ?? '');
    client.correct(second?.id ?? '', [
      { account: '1579', amount: 97_000 },
      { account: '7770', amount: 3_000 },
      { account: '3000', amount: -100_000, vatCode: '3' },
    ]);
    const { findings } = await verify({ from, to }, context);
    expect(findings.map(({ code, date }) => [code, date])).toEqual([
      ['voucher-reversed', '2026-03-01'],
      ['voucher-edited', '2026-03-02'],
    ]);
    // The reference of the reversed one is free in PowerOffice; nothing is sent under it all the same.
    const again = await apply(await planned(), context);
    expect(again.outcomes).toEqual([]);
    await context.store.close();
  });

  test('a voucher that PowerOffice kept otherwise than it was sent is a conflict', async () => {
    await using stage = await openStage();
    const { context, planned } = await openWay(stage);
    stage.simulator.backDoor.client().alterNext({ date: plainDate('2026-03-31') });
    const { outcomes, end } = await apply(await planned(), context);
    expect(outcomes.map(({ state }) => state)).toEqual(['conflict', 'posted', 'posted', 'posted', 'posted']);
    expect(end).toBe('person');
    await context.store.close();
  });
});
