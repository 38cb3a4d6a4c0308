import { BilagError, type Reading } from '@bilag/core';
import { placeOf } from './reading.ts';

/** The archive is what a source once said: a closed date is not changed by what it says later. */
export function closedDateChanged(reading: Reading, archive: string): BilagError {
  return new BilagError('conflict', {
    what: 'the date was stored as closed, and now the source says something else',
    where: `${placeOf(reading)} in ${archive}`,
    action: 'ask the provider which is right; the archive keeps what it had and nothing was stored',
  });
}

/** A ledger's amounts would be read in another currency. */
export function currencyChanged(id: string, known: string, currency: string): BilagError {
  return new BilagError('conflict', {
    what: `the ledger was in ${known} and is now said to be in ${currency}`,
    where: `ledger ${id}`,
    action: 'look whether the configuration names the right ledger; nothing was changed',
  });
}
