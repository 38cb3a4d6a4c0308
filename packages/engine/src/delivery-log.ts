import { BilagError } from '@bilag/core';
import type { DeliveryStore } from './delivery-store.ts';

/** Opens the delivery log, an SQLite file, and makes it when it is not there (unless `create` is false). */
export async function openDeliveryLog(
  path: string,
  options: { readonly create?: boolean } = {},
): Promise<DeliveryStore> {
  throw new BilagError('unsupported', { what: String(options.create), where: path, now: '' });
}
