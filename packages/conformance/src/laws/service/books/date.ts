import { plainDate, type Voucher } from '@bilag/core';
import { mustEqual } from '../../../law.ts';
import type { ServiceLaw } from '../../../services/service-law.ts';
import type { ServiceWorld } from '../../../services/service-world.ts';
import { inZone, zones } from '../../../kit/surroundings.ts';
import { mustHoldAsBooked } from './exact.ts';
import { mustFind } from '../expectations.ts';

/** A date is what the calendar on the wall says, and no moment. */
export const date: ServiceLaw = {
  id: 'date',
  sentence:
    'A voucher has the same date in every time zone, on leap days, at the turn of the year and on nights when the clock is moved.',
  async prove(open) {
    for (const zone of zones) {
      await inZone(zone, async () => {
        const world = await open();
        for (const [text, moment] of datesToTry) {
          const day = plainDate(text);
          world.time.ms = Date.parse(moment);
          const voucher = world.vouchers.payout(10_000, 0, { date: day, ledgerDate: day });
          await world.connect().post(voucher, voucher.key);
          mustHoldAsBooked(world.live(voucher.key), voucher);
          mustEqual(world.live(voucher.key)[0]?.date, text, `the date of a voucher of ${text} in ${zone.name}`);
          await mustFind(world, voucher, voucher.key, `a voucher of ${text} in ${zone.name}`);
          await mustListOn(world, voucher, zone.name);
          await mustReverseOn(world, voucher, zone.name);
        }
      });
    }
  },
};

/** Dates, and a moment of the same day or soon after it, near a midnight somewhere. */
const datesToTry: readonly (readonly [string, string])[] = [
  ['2024-02-29', '2024-02-29T23:59:58Z'],
  ['2025-12-31', '2025-12-31T22:59:58Z'],
  ['2026-01-01', '2026-01-01T00:00:02Z'],
  ['2026-03-29', '2026-03-29T01:00:00Z'],
  ['2026-10-25', '2026-10-25T01:00:00Z'],
  ['2026-10-26', '2026-10-26T10:00:00Z'],
];

/** A list of one day has what is of this day. */
async function mustListOn(world: ServiceWorld, { date: day, key }: Voucher, zone: string): Promise<void> {
  const list = world.connect().list?.(day, day);
  if (list === undefined) return;
  const keys = (await Array.fromAsync(list)).map(({ reference }) => reference);
  mustEqual(keys, [key], `the vouchers that list(${day}, ${day}) shows in ${zone}`);
}

async function mustReverseOn(world: ServiceWorld, { date: day, key }: Voucher, zone: string): Promise<void> {
  const service = world.connect();
  const id = world.live(key)[0]?.id;
  if (service.reverse === undefined || id === undefined) return;
  await service.reverse(id, day, `${key}.U1`);
  const reversal = world.backDoor.held().find(({ reverses }) => reverses === id);
  mustEqual(reversal?.date, day, `the date of the reversal of a voucher of ${day} in ${zone}`);
}
