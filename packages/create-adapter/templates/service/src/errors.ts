import { named, type ErrorKind } from '@bilag/core';
import type { Refusal, RefusalOf } from '@bilag/http';
import { z } from 'zod';

const refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), line: z.int().optional() }),
});

/**
 * Names a refusal by what the caller does next, from the code that Acme Books gives. Pure. Undefined where the body is not in
 * the shape of its errors: then anybody may have answered, and of a write nothing is known.
 */
export const refusalOf: RefusalOf = ({ status, json }): Refusal | undefined => {
  const { success, data } = refusal.safeParse(json);
  if (!success) return undefined;
  const { code, message, line } = data.error;
  const what = `HTTP ${status}: ${line === undefined ? message : `line ${line}: ${message}`}`;
  const kind = named(kinds, code);
  // A code that is not known here is what its status says.
  if (kind === undefined) return { what };
  return { kind, what, action: named(actions, code) ?? 'mend the voucher or the policy; nothing was booked' };
};

const kinds: Readonly<Record<string, ErrorKind>> = {
  period_closed: 'blocked',
  unknown_account: 'rejected',
  unknown_vat_code: 'rejected',
  unknown_department: 'rejected',
  unbalanced: 'rejected',
  no_amount: 'rejected',
};

const actions: Readonly<Record<string, string>> = {
  period_closed: 'let a person open the period, or raise lockedThrough in the policy; nothing was booked',
  unknown_account: 'open the account in Acme Books, or name another in the policy; nothing was booked',
};
