import type { Finding } from '@bilag/core';
import { yearMissing } from '@bilag/http';
import type { FortnoxConfig } from './config.ts';
import type { VoucherHead, YearReply } from './replies.ts';

/** What {@link inspectionOf} looks at. */
export interface Inspected {
  /** Undefined where there is no such series. */
  readonly series: { readonly Manual?: boolean | undefined } | undefined;
  /** Oldest first. */
  readonly years: readonly YearReply[];
  /** Vouchers in our series that are not ours. */
  readonly strangers: readonly VoucherHead[];
  /** A month from now. */
  readonly soon: string;
}

/** What there is to say of a series before anything is posted to it. Pure. */
export function inspectionOf(config: FortnoxConfig, { series, years, strangers, soon }: Inspected): readonly Finding[] {
  const where = `voucher series ${config.series}`;
  const found: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], message: string, action: string): void => {
    found.push({ code, severity, message, where, action });
  };
  if (series === undefined) {
    say(
      'series-missing',
      'error',
      'Fortnox has no such series',
      'create it there, for Bilag alone, or name another in the config',
    );
  } else if (series.Manual === false) {
    say(
      'series-not-manual',
      'error',
      'no vouchers can be made in it',
      'allow manual vouchers in its settings, or name another',
    );
  }
  const [first] = strangers;
  if (first !== undefined) {
    const named = `${first.VoucherSeries}${first.VoucherNumber} of ${first.TransactionDate}`;
    const message = `${strangers.length} of its newest vouchers are not ours, such as ${named}: every look reads all of them`;
    say('series-shared', 'warning', message, 'give Bilag a series of its own');
  }
  found.push(...yearMissing('Fortnox', years.at(-1)?.ToDate, soon));
  const message = 'vouchers are booked at once and cannot be changed by us: Fortnox has no drafts';
  say(
    'mode-posted',
    'info',
    message,
    'nothing; bilag plan --lines shows each voucher before it is posted, and bilag undo posts the opposite',
  );
  return found;
}
