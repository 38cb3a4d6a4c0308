import type { OpenCompany } from '@bilag/company';
import { BilagError, type PlainDate } from '@bilag/core';
import type { BankDecision, RowHead, RunRow } from '@bilag/engine';
import type { Act, KeptChange } from '@bilag/office';
import type { Office } from '../view.ts';
import { withDeliveries } from './deliveries.ts';

/** Something that was done, and when; nothing of it is ever changed or taken away. */
export interface Done {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what:
    | { readonly is: 'run'; readonly run: RunRow }
    | { readonly is: 'decision' | 'decision-taken-back'; readonly decision: BankDecision }
    | { readonly is: 'rules'; readonly from: PlainDate }
    | { readonly is: 'change' | 'confirmed'; readonly change: KeptChange }
    | { readonly is: 'act'; readonly act: Act };
}

export interface LogPage {
  readonly done: readonly Done[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
  /** What one run has touched, where the address names it. */
  readonly run: { readonly id: string; readonly heads: readonly RowHead[]; readonly isMore: boolean } | undefined;
}

const onPage = 100;
const headsShown = 200;

/** A page of what was done, the latest first: the log is asked for this page alone. */
export async function logPage(open: OpenCompany, office: Office, parameters: URLSearchParams): Promise<LogPage> {
  const { company } = open;
  const after = placeIn(parameters.get('after'));
  const asked = parameters.get('run');
  const inLog = await withDeliveries(company, async (store) => {
    const runs = await store.runs(company.id, { most: onPage + 1, ...(after === undefined ? {} : { after }) });
    const done = runs.map((run): Done => ({ at: run.startedAt, what: { is: 'run', run } }));
    return {
      done,
      run: asked === null ? undefined : { id: asked, ...(await touchedBy(store.heads(company.id, { run: asked }))) },
    };
  });
  const runs = inLog?.done ?? [];
  const shownRuns = runs.slice(0, onPage);
  const last = shownRuns.at(-1);
  const isMore = runs.length > onPage;
  // What is not in the log of deliveries is little: it stands among the runs of its time.
  const within = ({ at }: Done): boolean =>
    (after === undefined || at < after.startedAt) && (!isMore || last === undefined || at >= last.at);
  const others = [
    ...(await actsOf(open, office, last?.at ?? 0)),
    ...(await decisionsOf(open)),
    ...rulesOf(open),
    ...(await changesOf(open, office)),
  ].filter(within);
  return {
    done: [...shownRuns, ...others].toSorted((a, b) => b.at - a.at),
    next: isMore && last?.what.is === 'run' ? `${last.at}/${last.what.run.id}` : undefined,
    run: inLog?.run,
  };
}

async function touchedBy(
  all: AsyncIterable<RowHead>,
): Promise<{ readonly heads: readonly RowHead[]; readonly isMore: boolean }> {
  const heads: RowHead[] = [];
  for await (const head of all) {
    if (heads.length === headsShown) return { heads, isMore: true };
    heads.push(head);
  }
  return { heads, isMore: false };
}

/** What persons did on the page, back to a moment. */
async function actsOf({ company }: OpenCompany, { store }: Office, since: number): Promise<readonly Done[]> {
  const done: Done[] = [];
  if (store === undefined) return done;
  for (let before: string | undefined; ;) {
    const asked = { companyId: company.id, most: onPage, ...(before === undefined ? {} : { before }) };
    const acts = await store.acts(asked);
    for (const act of acts) done.push({ at: act.at, what: { is: 'act', act } });
    const last = acts.at(-1);
    if (last === undefined || acts.length < onPage || last.at < since) return done;
    before = last.id;
  }
}

async function decisionsOf(open: OpenCompany): Promise<readonly Done[]> {
  const decisions = await open.bankDecisions();
  return decisions.flatMap((decision): Done[] => [
    { at: Date.parse(decision.decidedAt), what: { is: 'decision', decision } },
    ...(decision.takenBackAt === null
      ? []
      : [{ at: Date.parse(decision.takenBackAt), what: { is: 'decision-taken-back', decision } } satisfies Done]),
  ]);
}

/** Each version of the rules stands on the day it holds from. */
function rulesOf({ company }: OpenCompany): readonly Done[] {
  return company.policy.versions.map(({ from }) => ({ at: Date.parse(from), what: { is: 'rules', from } }));
}

async function changesOf(open: OpenCompany, { store }: Office): Promise<readonly Done[]> {
  if (store === undefined) return [];
  const ledgerIds = (await open.progress()).map(({ ledgerId }) => ledgerId);
  return (await store.changes({ ledgerIds })).flatMap((change): Done[] => [
    { at: change.at, what: { is: 'change', change } },
    ...(change.confirmed === null
      ? []
      : [{ at: change.confirmed.at, what: { is: 'confirmed', change } } satisfies Done]),
  ]);
}

function placeIn(text: string | null): Pick<RunRow, 'startedAt' | 'id'> | undefined {
  if (text === null) return undefined;
  const [, startedAt, id] = /^(\d{1,15})\/([\w-]{1,80})$/.exec(text) ?? [];
  if (startedAt !== undefined && id !== undefined) return { startedAt: Number(startedAt), id };
  throw new BilagError('config', {
    what: 'the place where this page begins cannot be read',
    where: 'the address, after',
    action: 'go back to the first page',
  });
}
