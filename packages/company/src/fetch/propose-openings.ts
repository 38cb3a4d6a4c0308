import {
  addDays,
  datesBetween,
  firstBalances,
  isBilagError,
  type FirstBalances,
  type LedgerDate,
  type PlainDate,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import { withCompanyDates } from '../dates/company-dates.ts';
import { dateIn, lastEndedDate } from '../dates/period.ts';
import { chooseLedgers } from './choose-ledgers.ts';
import type { SourceConnections } from './source-connections.ts';

/** The balances of a ledger at the cut-over, and who told them. */
export interface ProposedOpening extends FirstBalances {
  readonly ledgerId: string;
  readonly toldBy: 'archive' | 'provider';
}

/**
 * Reads what each ledger of a company stood at before its first entry since the cut-over: from what was fetched already, else
 * from the provider. It stores nothing. An account that tells nothing within a month of the cut-over is absent.
 */
export async function proposeOpenings(
  company: Company,
  connections: SourceConnections,
  options: { readonly now: Date; readonly signal: AbortSignal },
): Promise<readonly ProposedOpening[]> {
  const archived = await archivedOpenings(company, options.signal);
  return archived ?? (await providersOpenings(company, connections, options));
}

/** Undefined where nothing was fetched yet, or too little to tell. */
async function archivedOpenings(
  company: Company,
  signal: AbortSignal,
): Promise<readonly ProposedOpening[] | undefined> {
  const last = lastAsked(company);
  try {
    return await withCompanyDates(company, signal, async (dates) => {
      const ids = new Set<string>();
      for await (const { ledgerId } of dates.until(company.policy.versions[0].from)) ids.add(ledgerId);
      const openings: ProposedOpening[] = [];
      for (const ledgerId of ids) {
        const told = await firstBalances(ofLedger(dates.until(last), ledgerId));
        openings.push({ ledgerId, ...told, toldBy: 'archive' });
      }
      const isTold = openings.some(({ funds }) => funds !== undefined);
      return isTold || company.source.files !== undefined ? openings : undefined;
    });
  } catch (error) {
    if (isBilagError(error) && error.kind === 'not-found' && company.source.files === undefined) return undefined;
    throw error;
  }
}

async function* ofLedger(dates: AsyncIterable<LedgerDate>, ledgerId: string): AsyncGenerator<LedgerDate> {
  for await (const date of dates) if (date.ledgerId === ledgerId) yield date;
}

async function providersOpenings(
  company: Company,
  connections: SourceConnections,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<readonly ProposedOpening[]> {
  const shared = await connections.of(company);
  if (shared === undefined) return [];
  const { own } = chooseLedgers(await shared.ledgers(), company, shared.scope, []);
  const [from, today] = [company.policy.versions[0].from, dateIn(company.country, now)];
  const last = today < lastAsked(company) ? today : lastAsked(company);
  const openings: ProposedOpening[] = [];
  for (const { id, currency } of own) {
    // Amounts of two currencies would be taken for one.
    if (currency !== company.currency || from > last) continue;
    const readDates = async function* (): AsyncGenerator<LedgerDate> {
      for (const date of datesBetween(from, last)) {
        signal.throwIfAborted();
        const wanted = { ledgerId: id, currency, date, endedThrough: lastEndedDate(company.country, now) };
        yield (await shared.connection.read(wanted, company.source.config)).read;
      }
    };
    openings.push({ ledgerId: id, ...(await firstBalances(readDates())), toldBy: 'provider' });
  }
  return openings;
}

/** Quiet weeks happen; who asks for more waits too long for a proposal. */
function lastAsked({ policy }: Company): PlainDate {
  return addDays(policy.versions[0].from, 31);
}
