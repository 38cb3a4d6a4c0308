import { BilagError } from '@bilag/core';
import type { VippsLedger } from '@bilag/vipps';
import type { Company, VippsSource } from '../config/company.ts';

/** A ledger of a company, with what its dates need. */
export interface ChosenLedger {
  readonly id: string;
  readonly currency: string;
  readonly handles: readonly string[];
}

/**
 * Which of the ledgers that the keys can see are the company's: those the config names, or those it owns. An accounting
 * partner sees many merchants' ledgers, and one merchant's sales must never land in another's books.
 */
export function chooseLedgers(
  seen: readonly VippsLedger[],
  company: Company,
  source: VippsSource,
): readonly ChosenLedger[] {
  if (seen.length === 0) throw noAccess(company, source);
  const { ledgers: named } = source;
  const unseen = named?.filter((id) => !seen.some(({ ledgerId }) => ledgerId === id)) ?? [];
  if (unseen.length > 0) throw unseenLedgers(unseen, seen, company);
  const own = seen.filter((ledger) =>
    named === undefined ? isOwn(ledger, company, source) : named.includes(ledger.ledgerId),
  );
  if (own.length === 0) throw noneOwned(seen, company);
  return own.map(({ ledgerId, currency, recipientHandles }) => ({
    id: ledgerId,
    currency: currency ?? company.currency,
    handles: recipientHandles,
  }));
}

function isOwn({ owner }: VippsLedger, { organisationNumber }: Company, { keys }: VippsSource): boolean {
  if (owner === null) return keys === 'merchant';
  return owner.id.replaceAll(/\D/g, '') === organisationNumber;
}

function noAccess({ id }: Company, { keys, credentials }: VippsSource): BilagError {
  return new BilagError('forbidden', {
    what: 'the keys can see no ledger: that means no access, not no sales',
    where: `company ${id}, ${keys} keys of ${credentials}`,
    now: 'let the merchant give access in portal.vippsmobilepay.com → Reports → Accounting partners, or use the keys of a sales unit that has a ledger',
  });
}

function unseenLedgers(unseen: readonly string[], seen: readonly VippsLedger[], { id }: Company): BilagError {
  return new BilagError('forbidden', {
    what: `the keys cannot see ledger ${unseen.join(', ')}`,
    where: `company ${id}, source.ledgers`,
    now: `ask the merchant for access, or mend the ids; these keys see ${listOf(seen)}`,
  });
}

function noneOwned(seen: readonly VippsLedger[], { id, organisationNumber }: Company): BilagError {
  return new BilagError('config', {
    what: `none of the ledgers that the keys can see is owned by ${organisationNumber}`,
    where: `company ${id}`,
    now: `mend organisationNumber, or name the ledgers under source.ledgers; these keys see ${listOf(seen)}`,
  });
}

function listOf(ledgers: readonly VippsLedger[]): string {
  const ids = ledgers.map(({ ledgerId }) => ledgerId);
  return ids.length <= 10
    ? ids.join(', ')
    : `${ids.slice(0, 10).join(', ')} and ${ids.length - 10} more (bilag ledgers)`;
}
