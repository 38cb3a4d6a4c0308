import { isBilagError, type BilagError } from '@bilag/core';
import type { Refusal, RefusalOf } from '@bilag/http';
import { z } from 'zod';

/**
 * Names a failed reply. Of a write two shapes are believed: Fortnox' own errors, in both their spellings, and its gateway's where that
 * lets nobody pass.
 */
export const refusalOf: RefusalOf = ({ status, json, write }): Refusal | undefined => {
  const told = informationIn(json) ?? gatewayIn(json, status);
  if (told === undefined) return write ? undefined : { action: actionOf(status) };
  const { code, words } = told;
  return {
    kind: status === 400 ? 'rejected' : code === missingScope ? 'forbidden' : undefined,
    what: `HTTP ${status}: ${[code, words].filter(Boolean).join(': ')}`,
    action: actionOf(status),
    details: told,
  };
};

interface Told {
  readonly code: number | undefined;
  readonly words: string;
}

const missingScope = 2_000_663;

const information = z.object({ code: z.number(), message: z.string() });

/** `{"ErrorInformation": {"error", "message", "code"}}`, with capitals or without. */
function informationIn(json: unknown): Told | undefined {
  const { success, data } = z.object({ ErrorInformation: z.record(z.string(), z.unknown()) }).safeParse(json);
  if (!success) return undefined;
  const lower = Object.entries(data.ErrorInformation).map(([name, value]) => [name.toLowerCase(), value] as const);
  const told = information.safeParse(Object.fromEntries(lower));
  return told.success ? { code: told.data.code, words: told.data.message } : undefined;
}

function gatewayIn(json: unknown, status: number): Told | undefined {
  const { success, data } = z.strictObject({ message: z.string() }).safeParse(json);
  const isShut = status === 401 || status === 403 || status === 429;
  return success && isShut ? { code: undefined, words: data.message } : undefined;
}

function actionOf(status: number): string | undefined {
  switch (status) {
    case 400:
      return 'mend what it names, in the policy or in Fortnox, and apply again; nothing was posted';
    case 401:
      return 'connect the application in Fortnox again: the token is not taken';
    case 403:
      return 'give the application the missing scope, or the company the missing licence, and connect it again';
    default:
      return undefined;
  }
}

/** Whether Fortnox read a voucher and did not take it: what a locked period answers is not published, so that is looked for. */
export function isRefusal(error: unknown): error is BilagError {
  return isBilagError(error) && error.kind === 'rejected';
}
