import type { Finding, PlainDate } from '@bilag/core';
import { HttpError } from '@bilag/http';

/** Whether an error is a 404 of the reports; one of the token endpoint only means a wrong base address. */
export function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404 && error.where.includes('/report/');
}

/**
 * The API answers 404 for a ledger that is not ours, and in its older contract for a date that is not ready. For a ledger
 * that is in our list it can only be the second: never "no sales".
 */
export function dateNotAvailable(asked: { ledgerId: string; topic: string; date: PlainDate }): Finding {
  const { ledgerId, topic, date } = asked;
  return {
    code: 'date-not-available',
    severity: 'warning',
    message: `the API has no ${topic} for ${date} yet (404)`,
    where: `ledger ${ledgerId}, ${topic}, ${date}`,
    action: 'fetch it again later; it counts as open, not as a day without sales',
    ledgerId,
    date,
  };
}
