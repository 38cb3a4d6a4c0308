import {
  type LedgerEntry,
  type OrderLine,
  type OrderLinesLookUp,
  type Policy,
  type PolicyVersion,
  type RawPage,
  type SalesScope,
  type SourceApi,
  type ToldSale,
  named,
  unitOf,
  versionOn,
} from '@bilag/core';
import type { ArchiveStore } from '@bilag/engine';

/** What a look-up of order lines is made of. */
interface SalesOfCompany {
  readonly archive: ArchiveStore;
  readonly salesOf: NonNullable<SourceApi<unknown>['sales']>;
  readonly scope: SalesScope;
  readonly policy: Policy;
}

/**
 * Gives what was sold with each capture and refund, out of the archive, with the VAT treatments of the policy. What is told of
 * sales that are not on the ledger (cash, cards) is joined to nothing, and so never added.
 *
 * A refund of which nothing is told follows its sale: whole as that was, in part where that had one rate; else a person is asked.
 */
export function orderLinesOf({ archive, salesOf, scope, policy }: SalesOfCompany): OrderLinesLookUp {
  return async (entries) => {
    const lines = new Map<string, readonly OrderLine[]>();
    const wanted = entries.filter((entry) => kindOf(entry) !== undefined);
    for (const own of Map.groupBy(wanted, ({ ledgerId, ledgerDate }) => `${ledgerDate} ${ledgerId}`).values()) {
      const [first] = own as [LedgerEntry];
      const { ledgerId, ledgerDate: date } = first;
      const pages: RawPage[] = await Array.fromAsync(
        archive.pages({ ledgerId, topic: scope.topic, from: date, to: date }),
      );
      const told = new ToldSales(salesOf(pages));
      const version = versionOn(policy, date) ?? policy.versions[0];
      for (const entry of own) {
        const found = linesFor(entry, told.of(entry), { scope, version });
        if (found !== undefined) lines.set(entry.id, found);
      }
    }
    return lines;
  };
}

/** What is told of a date, by the references that entries have too. */
class ToldSales {
  readonly #byPsp: ReadonlyMap<string, readonly ToldSale[]>;
  readonly #byReference: ReadonlyMap<string, readonly ToldSale[]>;

  constructor(sales: readonly ToldSale[]) {
    this.#byPsp = Map.groupBy(sales, ({ kind, pspReference }) => `${kind} ${pspReference ?? ''}`);
    this.#byReference = Map.groupBy(sales, ({ kind, reference }) => `${kind} ${reference ?? ''}`);
  }

  /** Of an order that was told several times under one reference alone, nobody says which is which. */
  of(entry: LedgerEntry): ToldSale | undefined {
    const { pspReference, reference } = entry;
    const kind = kindOf(entry) ?? '';
    const own = pspReference === null ? [] : (this.#byPsp.get(`${kind} ${pspReference}`) ?? []);
    if (own.length === 1) return own[0];
    const ofOrder = reference === null ? [] : (this.#byReference.get(`${kind} ${reference}`) ?? []);
    return ofOrder.length === 1 ? ofOrder[0] : undefined;
  }
}

function kindOf({ account, type, renamedTo }: LedgerEntry): ToldSale['kind'] | undefined {
  if (account !== 'funds') return undefined;
  const current = renamedTo ?? type;
  return current === 'capture' ? 'sale' : current === 'refund' ? 'refund' : undefined;
}

interface Choices {
  readonly scope: SalesScope;
  readonly version: PolicyVersion;
}

/** Undefined: the policy's rule holds. None: a refund follows its sale, and a person is asked about anything else. */
function linesFor(entry: LedgerEntry, sale: ToldSale | undefined, choices: Choices): readonly OrderLine[] | undefined {
  if (sale?.lines === null) return [];
  if (sale === undefined || sale.lines.length === 0) return choices.scope.missing === 'ask' ? [] : undefined;
  return sale.lines.map(({ gross, rateBasisPoints }) => ({
    gross,
    sale: treatmentOf(rateBasisPoints, entry, choices),
  }));
}

/** The VAT treatment of a rate: as the operator says, else the unit's own, else the only one of that rate. */
function treatmentOf(rate: number | null, entry: LedgerEntry, { scope, version }: Choices): string | null {
  const own = unitOf(version, entry).sale;
  if (rate === null) return scope.missing === 'policy' ? own : null;
  const chosen = named(scope.treatments, String(rate));
  if (chosen !== undefined) return chosen;
  if (own !== null && named(version.vat, own)?.rateBasisPoints === rate) return own;
  const fitting = Object.entries(version.vat).filter(([, { rateBasisPoints }]) => rateBasisPoints === rate);
  const [only] = fitting;
  return fitting.length === 1 && only !== undefined ? only[0] : null;
}
