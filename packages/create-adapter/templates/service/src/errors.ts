import type { ErrorKind, ErrorParts } from '@bilag/core';
import { z } from 'zod';

const refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), line: z.int().optional() }),
});

/**
 * Names a refusal by what the caller does next, from the code that Acme Books gives. Pure. Undefined: the status says it
 * well enough. Only a write that may have been made is `unknown-outcome`; a refusal certainly was not.
 */
export function betterWords(
  body: string | undefined,
): (Partial<ErrorParts> & { readonly kind: ErrorKind }) | undefined {
  const parsed = refusal.safeParse(jsonOf(body));
  if (!parsed.success) return undefined;
  const { code, message, line } = parsed.data.error;
  const kind = kinds[code];
  if (kind === undefined) return undefined;
  const what = line === undefined ? message : `line ${line}: ${message}`;
  return { kind, what, now: whatNow[code] ?? 'mend the voucher or the policy; nothing was booked' };
}

const kinds: Readonly<Record<string, ErrorKind>> = {
  period_closed: 'blocked',
  unknown_account: 'rejected',
  unknown_vat_code: 'rejected',
  unknown_department: 'rejected',
  unbalanced: 'rejected',
  no_amount: 'rejected',
};

const whatNow: Readonly<Record<string, string>> = {
  period_closed: 'let a person open the period, or raise lockedThrough in the policy; nothing was booked',
  unknown_account: 'open the account in Acme Books, or name another in the policy; nothing was booked',
};

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
