type Words<Name extends string> = Readonly<Record<Name, string>>;

/** What a company is booked by, in words. */
export type SettingsTexts = Words<
  | 'readOnly'
  | 'source'
  | 'ledgers'
  | 'allLedgers'
  | 'targets'
  | 'noTargets'
  | 'lockedThrough'
  | 'notLocked'
  | 'fiscalYear'
  | 'rulesNow'
  | 'rulesBefore'
  | 'changed'
  | 'changedSince'
  | 'unchangedSince'
  | 'language'
  | 'payouts'
  | 'grouping'
  | 'lines'
  | 'disputes'
  | 'invoicedFees'
  | 'accounts'
  | 'vat'
  | 'treatment'
  | 'vatAccount'
> & {
  readonly payoutsAre: Words<'direct' | 'in-transit'>;
  readonly groupings: Words<'date' | 'payout' | 'entry'>;
  readonly linesAre: Words<'entry' | 'summary'>;
  readonly disputesAre: Words<'receivable' | 'refund'>;
  readonly invoicedFeesAre: Words<'accrue' | 'on-invoice'>;
};
