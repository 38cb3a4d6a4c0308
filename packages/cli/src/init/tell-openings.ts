import { OpenCompany, type Company, type ProposedOpening } from '@bilag/company';
import { formatAmount, isBilagError, zero } from '@bilag/core';
import { surroundingsOf, type Session } from '../session.ts';
import type { WrittenOpening } from './openings.ts';

/** What is proposed as openings, and where it comes from, in sentences. */
export interface ToldOpenings {
  readonly said: readonly string[];
  readonly openings: readonly WrittenOpening[];
}

const later =
  'To have them from the ledger: bilag fetch, then bilag book names each; or set the keys and run bilag init again.';

/** Looks the balances up before they are asked for. That they cannot be had is said, and stops nothing. */
export async function tellOpenings(companyOf: () => Company, session: Session): Promise<ToldOpenings> {
  const { world } = session;
  try {
    await using open = new OpenCompany(companyOf(), surroundingsOf(session));
    const { from } = open.company.policy.versions[0];
    const proposed = await open.proposeOpenings();
    if (proposed.length === 0) return { said: [`No ledger tells its balances before ${from}. ${later}`], openings: [] };
    return { said: proposed.map((told) => sentenceOf(told, from)), openings: proposed.flatMap(openingOf) };
  } catch (error) {
    if (!isBilagError(error) || world.signal.aborted) throw error;
    return { said: [`The ledger's balances were not read: ${error.what}. ${later}`], openings: [] };
  }
}

function sentenceOf({ ledgerId, funds, fees, toldBy }: ProposedOpening, from: string): string {
  if (funds === undefined) return `Ledger ${ledgerId} tells no balance within a month of ${from}. ${later}`;
  const by = toldBy === 'archive' ? 'as fetched before' : 'by the Report API';
  const owed = fees === undefined ? 'fees not told, so 0.00' : `fees ${formatAmount(fees)}`;
  return `Ledger ${ledgerId} before its first entry since ${from}, ${by}: funds ${formatAmount(funds)}, ${owed}. Payouts in transit are not in it.`;
}

/** A ledger that begins with nothing needs no opening. */
function openingOf({ ledgerId, funds = zero, fees = zero }: ProposedOpening): WrittenOpening[] {
  return funds === zero && fees === zero ? [] : [{ ledgerId, funds, fees, inTransit: zero }];
}
