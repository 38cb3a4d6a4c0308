import { amount, plainDate, type JournalLine } from '@bilag/core';
import { mustEqual, mustHold } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import { mustHoldAsBooked } from '../books/exact.ts';
import { failureOf, mustBeOf, mustEndAs, mustHoldNothing, refusals } from '../expectations.ts';

/** Closed by somebody. */
export const blocked: ServiceLaw = {
  id: 'blocked',
  sentence:
    'A date in a closed period is "blocked" and nothing is booked on it or instead of it; an open date goes on.',
  async prove(open) {
    const world = await open();
    const closed = plainDate('2026-02-28');
    world.backDoor.lockThrough(closed);
    const service = world.connect();
    for (const date of [plainDate('2026-02-27'), closed]) {
      const dated = { date, ledgerDate: date };
      for (const voucher of [world.vouchers.sales([100_000], dated), world.vouchers.payout(10_000, 100, dated)]) {
        const what = `a voucher of ${date}, with books that are closed through ${closed}`;
        const error = await failureOf(service.post(voucher, voucher.key), what);
        mustHold(error !== undefined, `${what}: it was reported as posted`);
        mustBeOf(error, ['blocked'], what);
        mustHoldNothing(world, what);
      }
    }
    const { lockedThrough = closed } = await world.connect().chart();
    mustEqual(lockedThrough, closed, 'the date through which the chart says that the books are closed');
    const date = plainDate('2026-03-01');
    const open1 = world.vouchers.sales([100_000], { date, ledgerDate: date });
    mustEndAs(await world.deliver(open1), 'posted', `a voucher of ${date}, the first open date`);
    mustHoldAsBooked(world.live(open1.key), open1);
  },
};

/** Which of a hundred lines it was is what a person needs to know. */
export const refusedLine: ServiceLaw = {
  id: 'refused-line',
  sentence:
    'A refusal names the line or the account it concerns, nothing of the voucher is booked, and the next one goes on.',
  async prove(open) {
    const world = await open();
    const { clearing, fee, missingAccount } = world.chart;
    const lines = [line(clearing, -40_000), line(fee, 10_000), line(missingAccount, 30_000)];
    const voucher = world.vouchers.of(lines);
    const what = `a voucher with account ${missingAccount}, which the target does not have`;
    const service = world.connect();
    const error = await failureOf(service.post(voucher, voucher.key), what);
    mustHold(error !== undefined, `${what}: it was reported as posted`);
    mustBeOf(error, refusals, what);
    const words = `${error.what} ${error.where} ${error.action}`;
    mustHold(
      words.includes(missingAccount) || /\b(?:line|linje)\s*3\b/i.test(words),
      `${what}: the error names neither the account nor line 3 ("${error.message}")`,
    );
    mustHoldNothing(world, what);
    const next = world.vouchers.sales();
    await service.post(next, next.key);
    mustHoldAsBooked(world.live(next.key), next);
  },
};

function line(account: string, value: number): JournalLine {
  return { account, amount: amount(value), text: 'Linje', facts: ['kit-fact'] };
}
