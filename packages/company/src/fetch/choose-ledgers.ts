import { BilagError, named, quotedName, type SourceLedger, type SourceScope } from '@bilag/core';
import type { Company } from '../config/company.ts';

/** A ledger of a company, with what its dates need. */
export interface ChosenLedger {
  readonly id: string;
  readonly currency: string;
  readonly handles: readonly string[];
}

/** What the keys can see of a company's ledgers now. */
export interface LedgerChoice {
  readonly own: readonly ChosenLedger[];
  /** Ledgers of the company that the keys do not see, or no longer: their dates cannot be fetched. */
  readonly unseen: readonly string[];
}

/**
 * Which of the ledgers that the keys can see are the company's: those the config names, or those it owns. An accounting
 * partner sees many merchants' ledgers, and one merchant's sales must never land in another's books. A ledger that was the
 * company's before (`known`) and is not seen any more is never passed over in silence.
 */
export function chooseLedgers(
  seen: readonly SourceLedger[],
  company: Company,
  scope: SourceScope,
  known: readonly string[],
): LedgerChoice {
  const { ledgers: chosen, ended = {} } = company.source;
  const own = (chosen === undefined ? ownedBy(seen, company, scope) : withIds(seen, chosen)).map(
    ({ id, currency, handles }) => ({ id, currency: currency ?? company.currency, handles }),
  );
  const expected = new Set([...(chosen ?? known), ...Object.keys(ended)]);
  const unseen = [...expected].filter((id) => !own.some((ledger) => ledger.id === id));
  if (own.length > 0 || (unseen.length > 0 && unseen.every((id) => named(ended, id) !== undefined)))
    return { own, unseen };
  if (seen.length === 0) throw noAccess(company, scope);
  // What was fetched before and is seen no more says so itself, ledger by ledger.
  if (unseen.some((id) => known.includes(id))) return { own, unseen };
  throw chosen === undefined ? noneOwned(seen, company) : unseenLedger(unseen.join(', '), company, listOf(seen));
}

/** Where ledgers stand in a list, by what they are looked for by. */
interface Places {
  readonly byId: ReadonlyMap<string, readonly number[]>;
  /** By organisation number; null: of nobody who is named. */
  readonly byOwner: ReadonlyMap<string | null, readonly number[]>;
}

/** An accounting partner's keys see a hundred thousand ledgers: they are looked through once, and not for each company. */
const places = new WeakMap<readonly SourceLedger[], Places>();

function placesOf(seen: readonly SourceLedger[]): Places {
  const known = places.get(seen);
  if (known !== undefined) return known;
  const all = [...seen.keys()];
  const made: Places = {
    byId: Map.groupBy(all, (place) => seen[place]?.id ?? ''),
    byOwner: Map.groupBy(all, (place) => seen[place]?.owner?.replaceAll(/\D/g, '') ?? null),
  };
  places.set(seen, made);
  return made;
}

function ownedBy(
  seen: readonly SourceLedger[],
  { organisationNumber }: Company,
  { keysSee }: SourceScope,
): readonly SourceLedger[] {
  const { byOwner } = placesOf(seen);
  const owners = keysSee === 'own' ? [organisationNumber, null] : [organisationNumber];
  return inOrder(
    seen,
    owners.flatMap((owner) => byOwner.get(owner) ?? []),
  );
}

function withIds(seen: readonly SourceLedger[], ids: readonly string[]): readonly SourceLedger[] {
  const { byId } = placesOf(seen);
  return inOrder(
    seen,
    [...new Set(ids)].flatMap((id) => byId.get(id) ?? []),
  );
}

function inOrder(seen: readonly SourceLedger[], found: readonly number[]): readonly SourceLedger[] {
  return found.toSorted((a, b) => a - b).flatMap((place) => seen[place] ?? []);
}

function noAccess({ id }: Company, { keys, noAccess: action }: SourceScope): BilagError {
  return new BilagError('forbidden', {
    what: 'the keys can see no ledger: that means no access, not no sales',
    where: `company ${id}, ${keys}`,
    action,
  });
}

/** A ledger that the config names and nothing was ever fetched of. */
export function unseenLedger(id: string, company: Pick<Company, 'id'>, seen: string): BilagError {
  return new BilagError('forbidden', {
    what: `the keys cannot see ledger ${quotedName(id).replaceAll('"', '')}`,
    where: `company ${company.id}, source.ledgers`,
    action: `ask the merchant for access, or mend the ids; these keys see ${seen}`,
  });
}

function noneOwned(seen: readonly SourceLedger[], { id, organisationNumber }: Company): BilagError {
  return new BilagError('config', {
    what: `none of the ledgers that the keys can see is owned by ${organisationNumber}`,
    where: `company ${id}`,
    action: `mend organisationNumber, or name the ledgers under source.ledgers; these keys see ${listOf(seen)}`,
  });
}

function listOf(ledgers: readonly SourceLedger[]): string {
  const ids = ledgers.map(({ id }) => id);
  return ids.length <= 10
    ? ids.join(', ')
    : `${ids.slice(0, 10).join(', ')} and ${ids.length - 10} more (bilag ledgers)`;
}
