import type { Finding } from '@bilag/core';
import { modeFinding, yearMissing } from '@bilag/http';
import type { EAccountingConfig } from './config.ts';
import { referenceOf, type HeldVoucher } from './from-eaccounting.ts';
import type { RegisterEntries } from './registers.ts';

/** What {@link inspectionOf} looks at. */
export interface Inspected {
  readonly entries: RegisterEntries;
  /** Vouchers and drafts of the last month and the next. */
  readonly held: readonly HeldVoucher[];
  /** A month from now. */
  readonly soon: string;
}

/** What there is to say of a company before anything is posted to it. Pure. */
export function inspectionOf({ mode }: EAccountingConfig, { entries, held, soon }: Inspected): readonly Finding[] {
  const { settings, years } = entries;
  const where = 'company settings';
  const found: Finding[] = [];
  const say = (code: string, severity: Finding['severity'], message: string, action: string): void => {
    found.push({ code, severity, message, where, action });
  };
  if (settings.CompanyStatus === '2') {
    say('company-read-only', 'error', 'the company can only be read', 'activate it in eAccounting');
  }
  if (settings.UseAutomaticVatCalculation === true) {
    const message = 'eAccounting may add rows of VAT by itself, beside those of a voucher';
    say(
      'vat-automatic',
      'warning',
      message,
      'end the automatic VAT calculation in its settings; a voucher that was changed is told',
    );
  }
  const others = new Set(held.flatMap(({ VoucherType }) => importers.get(VoucherType ?? '') ?? []));
  for (const name of [...others].sort()) {
    const message = `${name} books payments here too: where it takes the same money, that is booked twice`;
    say(
      'other-importer',
      'warning',
      message,
      'see whether its payments are others, and end one of the two where they are not',
    );
  }
  const waiting = held.filter((one) => one.isDraft && referenceOf(one) !== '').length;
  return [
    ...found,
    ...yearMissing('eAccounting', years.at(-1)?.EndDate, soon),
    modeFinding({ mode, waiting, where: 'voucher drafts' }),
  ];
}

/** Types of vouchers that programs make of payments. */
const importers: ReadonlyMap<string, string> = new Map([
  ['16', 'a card acquirer'],
  ['27', 'Zettle'],
  ['34', 'Payment Links'],
]);
