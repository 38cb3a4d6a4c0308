import { readFileSync } from 'node:fs';
import { isBilagError, type BilagError } from '@bilag/core';
import type { VippsCredentials } from '@bilag/vipps';
import { expect } from 'vitest';
import { sharedPath } from '../../../test/support.ts';

/** The text of one of the published examples. */
export function exampleText(name: string): string {
  return readFileSync(sharedPath(`spec/vipps/examples/${name}`), 'utf8');
}

/** One of the published examples. */
export function example(name: string): Record<string, unknown> {
  return JSON.parse(exampleText(name)) as Record<string, unknown>;
}

/** The items of one of the published examples. */
export function exampleItems(name: string): unknown[] {
  return example(name)['items'] as unknown[];
}

export const origin: string = 'https://api.vipps.no';

/** Keys that open nothing. */
export const merchantKeys: Extract<VippsCredentials, { kind: 'merchant' }> = {
  kind: 'merchant',
  clientId: 'fb492b5e-7907-4d83-ba20-c7fb60ca35de',
  clientSecret: 'Y8Kteew6GE2ZmeycEt6egg==',
  subscriptionKey: 'da7d5b0e18a84aeda961c0c31b75c2a9',
  merchantSerialNumber: '1111805',
};

/** Keys that open nothing. */
export const partnerKeys: VippsCredentials = {
  kind: 'accounting-partner',
  clientId: 'partner-5b0e18a84aed',
  clientSecret: 'partner-secret+/==',
};

/** An item as the funds topic gives it. */
export function item(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    pspReference: '3343121302',
    time: '2022-10-01T14:33:00.824993Z',
    ledgerDate: '2022-10-01',
    entryType: 'capture',
    reference: 'purchase-12',
    currency: 'NOK',
    amount: 10000,
    recipientHandle: 'NO:57860',
    balanceAfter: 10000,
    balanceBefore: 0,
    ...fields,
  };
}

/** The error that a promise ends with; it must be one of ours. */
export async function errorFrom(promise: Promise<unknown>): Promise<BilagError> {
  const error = await promise.then(
    () => expect.fail('there was no error'),
    (thrown: unknown) => thrown,
  );
  if (!isBilagError(error)) throw error;
  return error;
}

/** All of an iterable. */
export async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}
