import type { BalancePoint, CompanyPayout, OpenCompany, ProofTable } from '@bilag/company';
import { isBilagError, type BilagError, sum, type Amount, type Finding, type PlainDate } from '@bilag/core';
import type { RunRow } from '@bilag/engine';
import { withDeliveries } from './deliveries.ts';
import type { CompanyState } from '@bilag/office';
import type { Office } from '../view.ts';
import { chosenMonth } from './months.ts';

/** One account as the provider tells it, and as the books have it. */
export interface ComparedAccount {
  readonly about: ProofTable['about'];
  /** The table's id in the month. */
  readonly id: string;
  /** That `books` is what the invoices come to, and not the books themselves. */
  readonly byInvoices: boolean;
  readonly told: Amount;
  readonly books: Amount;
  readonly difference: Amount;
}

/** Whether a provider equals the books, and what comes next. */
export interface CompanyOverview {
  /** Why nothing can be said: nothing was read yet, or it cannot be. */
  readonly refused: BilagError | undefined;
  readonly standing: Standing | undefined;
  /** The last run that wrote, or read back. */
  readonly lastRun: RunRow | undefined;
}

interface Standing {
  readonly month: string;
  /** The last date that was read. */
  readonly through: PlainDate;
  /** The last date up to which nothing may be added; the earliest of all topics. */
  readonly closedThrough: PlainDate | null;
  readonly accounts: readonly ComparedAccount[];
  /** Over all ledgers: what the provider owes. */
  readonly provider: Amount;
  readonly books: Amount;
  readonly difference: Amount;
  readonly isProved: boolean;
  readonly findings: readonly Finding[];
  readonly balances: readonly BalancePoint[];
  readonly nextPayout: CompanyPayout | undefined;
}

export async function companyOverview(open: OpenCompany, parameters: URLSearchParams): Promise<CompanyOverview> {
  const { company } = open;
  const lastRun = await withDeliveries(company, async (store) => (await store.runs(company.id, { most: 1 }))[0]);
  try {
    return { refused: undefined, standing: await standingOf(open, parameters), lastRun };
  } catch (error) {
    // What is wrong with one company is said on its page, beside what is known.
    if (!isBilagError(error) || (error.kind !== 'not-found' && error.kind !== 'config')) throw error;
    return { refused: error, standing: undefined, lastRun };
  }
}

async function standingOf(open: OpenCompany, parameters: URLSearchParams): Promise<Standing> {
  const { name, period } = await chosenMonth(open, parameters);
  const proof = await open.prove({ period });
  const accounts = proof.tables.flatMap(comparedOf);
  const funds = accounts.filter(({ about }) => about === 'funds');
  const ledgers = await open.progress();
  const closed = ledgers.flatMap(({ topics }) => topics.map(({ closedThrough }) => closedThrough));
  return {
    month: name,
    through: period.to,
    closedThrough: closed.includes(null) ? null : (closed.toSorted()[0] ?? null),
    accounts,
    provider: sum(funds.map(({ told }) => told)),
    books: sum(funds.map(({ books }) => books)),
    difference: sum(funds.map(({ difference }) => difference)),
    isProved: accounts.every(({ difference }) => difference === 0),
    findings: proof.findings,
    balances: proof.balances,
    nextPayout: nextOf(await open.payouts()),
  };
}

/** Each figure that another book says otherwise or the same: the books themselves, the bank, the invoices. */
function comparedOf({ id, about, lines }: ProofTable): readonly ComparedAccount[] {
  const told = lines.find(({ is }) => is === 'closing')?.amount;
  return lines.flatMap((line, index) => {
    const difference = lines[index + 1];
    if (told === undefined || line.is !== 'compared' || difference?.is !== 'difference') return [];
    const byInvoices = line.id === `${id}-invoices-compared`;
    return [{ about, id, byInvoices, told, books: line.amount, difference: difference.amount }];
  });
}

/** The earliest that is still to come to the bank. */
function nextOf(payouts: readonly CompanyPayout[]): CompanyPayout | undefined {
  const hasBank = payouts.some(({ bankLines }) => bankLines.length > 0);
  const waiting = payouts.filter(({ aborted, bankLines }) => aborted === undefined && bankLines.length === 0);
  return hasBank ? waiting[0] : waiting.at(-1);
}

/** How a company of the config stands: read from what is remembered, and not by opening it. */
export interface StandingCompany {
  readonly id: string;
  readonly name: string;
  readonly organisationNumber: string;
  readonly currency: string;
  /** How its last night ended, of several targets the one that asks for most; undefined before its first. */
  readonly state: CompanyState | undefined;
}

export interface OfficeOverview {
  readonly companies: readonly StandingCompany[];
  /** How many there are in all, or of those that are asked for. */
  readonly count: number;
  /** How many companies need a person, and how many are tried again. */
  readonly person: number;
  readonly retry: number;
  readonly show: OfficeFilter['show'];
  readonly name: string;
  /** The id after which the next page begins; undefined on the last. */
  readonly next: string | undefined;
  /** Companies that are wrong in the config. */
  readonly wrong: Office['wrong'];
  readonly lastNight: { readonly startedAt: number; readonly endedAt: number | null } | undefined;
}

/** What an address asks for. */
interface OfficeFilter {
  readonly show: 'all' | 'person' | 'retry';
  /** A part of a name, an id or a number. */
  readonly name: string;
  readonly after: string;
}

const companiesOnPage = 200;

/** A page of the companies, by id. Ten thousand of them are not opened: what their nights remember is read as far as the page goes. */
export async function officeOverview(office: Office, parameters: URLSearchParams): Promise<OfficeOverview> {
  const filter = filterOf(parameters);
  const asking = { person: await idsOf(office, 'person'), retry: await idsOf(office, 'retry') };
  const wanted = [...office.companies.values()].filter(({ id, name, organisationNumber }) => {
    if (filter.show !== 'all' && !asking[filter.show].has(id)) return false;
    return [id, name, organisationNumber].some((text) => text.toLowerCase().includes(filter.name.toLowerCase()));
  });
  const ids = wanted.map(({ id }) => id).sort();
  const rest = ids.filter((id) => id > filter.after);
  const page = rest.slice(0, companiesOnPage);
  const states = await statesOf(office, page);
  const [lastNight] = (await office.store?.nights(1)) ?? [];
  return {
    companies: page.flatMap((id) => {
      const company = office.companies.get(id);
      if (company === undefined) return [];
      const { name, organisationNumber, currency } = company;
      return [{ id, name, organisationNumber, currency, state: states.get(id) }];
    }),
    count: ids.length,
    person: asking.person.size,
    retry: asking.retry.size,
    show: filter.show,
    name: filter.name,
    next: rest.length > companiesOnPage ? page.at(-1) : undefined,
    wrong: office.wrong,
    lastNight,
  };
}

function filterOf(parameters: URLSearchParams): OfficeFilter {
  const show = parameters.get('show');
  return {
    show: show === 'person' || show === 'retry' ? show : 'all',
    name: parameters.get('name')?.trim() ?? '',
    after: parameters.get('after') ?? '',
  };
}

/** Few of many, and with an index of their own. */
async function idsOf({ store, companies }: Office, asksFor: 'person' | 'retry'): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { companyId } of store?.companies({ asksFor }) ?? [])
    if (companies.has(companyId)) ids.add(companyId);
  return ids;
}

const urgency = { person: 2, retry: 1, nothing: 0 } as const;

async function statesOf({ store }: Office, page: readonly string[]): Promise<ReadonlyMap<string, CompanyState>> {
  const states = new Map<string, CompanyState>();
  const [first] = page;
  const last = page.at(-1);
  if (store === undefined || first === undefined || last === undefined) return states;
  const wanted = new Set(page);
  for await (const state of store.companies({ after: beforeId(first) })) {
    if (state.companyId > last) break;
    const known = states.get(state.companyId);
    const isWorse = known === undefined || urgency[state.asksFor] > urgency[known.asksFor];
    if (wanted.has(state.companyId) && isWorse) states.set(state.companyId, state);
  }
  return states;
}

/** Something that sorts before an id, and after all that do: ids are of letters, digits, point and hyphen. */
export function beforeId(id: string): string {
  return id.slice(0, -1);
}
