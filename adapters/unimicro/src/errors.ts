import { isBilagError, type BilagError } from '@bilag/core';
import type { Refusal, RefusalOf } from '@bilag/http';
import { z } from 'zod';

/** Names a failed reply. Of a write one shape is believed: an object with Unimicro's own `Message`. */
export const refusalOf: RefusalOf = ({ status, json, write }): Refusal | undefined => {
  const words = wordsIn(json);
  const action = actionOf(status);
  if (words === undefined) return write ? undefined : { action };
  return { kind: status === 400 ? 'rejected' : undefined, what: `HTTP ${status}: ${words}`, action };
};

const told = z.object({
  Message: z.string().min(1),
  /** What is wrong with single fields. */
  Messages: z.array(z.object({ Message: z.string() })).nullish(),
});

function wordsIn(json: unknown): string | undefined {
  const { success, data } = told.safeParse(json);
  if (!success) return undefined;
  return [...new Set([data.Message, ...(data.Messages ?? []).map(({ Message }) => Message)])].join('; ');
}

export const keysAction = 'check the id and the certificate of the server application, and that both are of this host';

function actionOf(status: number): string | undefined {
  switch (status) {
    case 400:
      return 'mend what it names, in the policy or in Unimicro, and apply again; nothing was posted';
    case 401:
      return keysAction;
    case 403:
      return 'give the application access to the company and its accounting, and see whether the key of the company is right';
    default:
      return undefined;
  }
}

/** Whether Unimicro read a voucher and did not take it: its texts are not published, so what is closed is looked for. */
export function isRefusal(error: unknown): error is BilagError {
  return isBilagError(error) && error.kind === 'rejected';
}
