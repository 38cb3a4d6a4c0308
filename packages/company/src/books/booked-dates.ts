import type { PlainDate } from '@bilag/core';
import { holdingStates, type DeliveryStore } from '@bilag/engine';
import type { Company } from '../config/company.ts';
import { withLog } from '../delivery/delivery-connection.ts';
import { withExportedDates } from './exported-before.ts';

/**
 * For work that writes nothing: the date under which a voucher is in the books already, as it was posted or exported. Without this
 * a month that was closed after it was delivered would be shown as moved out of it.
 */
export async function withBookedDates<Result>(
  company: Company,
  work: (bookedOn: (key: string) => PlainDate | undefined) => Promise<Result>,
): Promise<Result> {
  const posted = await postedDates(company);
  return withExportedDates(company, async (exportedOn) => work((key) => posted.get(key) ?? exportedOn(key)));
}

async function postedDates(company: Company): Promise<ReadonlyMap<string, PlainDate>> {
  const dates = new Map<string, PlainDate>();
  const note = async (store: DeliveryStore): Promise<void> => {
    for await (const { key, kind, date } of store.heads(company.id, { states: holdingStates }))
      if (kind === 'voucher') dates.set(key, date);
  };
  await withLog(company, note, { onlyReads: true });
  return dates;
}
