import { createHash } from 'node:crypto';
import { BilagError } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import type { Context } from 'hono';
import { actPage, proposalPage } from '../actions/act-page.ts';
import { unclear, type Fields } from '../actions/action.ts';
import { actions } from '../actions/actions.ts';
import { isTyped } from '../actions/typed-amount.ts';
import { doneAddress } from '../addresses.ts';
import { comesFromOurs, isOwnForm } from '../safety/changes.ts';
import { isLanguage } from '../texts/texts.ts';
import { actionNames, type ActionName } from '../view.ts';
import type { Acting } from './acting.ts';
import type { PageOptions } from './page-options.ts';
import { contextOf, isAllowed, showPage, type PageEnv, type Place } from './pages.ts';

/** How long a visitor waits for the end of an act before a page says that it is under way. */
const patienceMs = 8000;

/** The longest form; what is pasted into it is a name or a note. */
const mostBytes = 32_768;

interface Asked {
  readonly place: Place & { readonly companyId: string };
  readonly name: ActionName;
  readonly store: OfficeStore;
}

/** What would be done, with the form that does it. */
export async function showProposal(c: Context<PageEnv>, options: PageOptions): Promise<Response> {
  const asked = askedIn(c, options);
  if (asked === undefined) return c.notFound();
  const { place, name } = asked;
  const context = contextOf(place, options);
  const proposal = await options.office.with(place.companyId, async (open) =>
    actions[name].propose(open, fieldsOf(new URL(c.req.url).searchParams), context),
  );
  const { formToken = '', name: by } = c.get('visitor');
  const seal = { formToken, by, seen: digestOf(proposal.seen) };
  return showPage(c, place, proposalPage(name, proposal, seal, context), options);
}

/** Does it, where the form is ours and what was shown is still so, and leads to how it ended. */
export async function doAction(c: Context<PageEnv>, options: PageOptions, acting: Acting): Promise<Response> {
  const visitor = c.get('visitor');
  if (!comesFromOurs(c.req.raw.headers, visitor)) return c.text('another page asked for this\n', 403);
  const asked = askedIn(c, options);
  if (asked === undefined) return c.notFound();
  if (!/^application\/x-www-form-urlencoded\b/.test(c.req.header('content-type') ?? ''))
    return c.text('only a form of ours\n', 415);
  const form = await readForm(c);
  if (form === undefined) return c.text('too long\n', 413);
  const choices = fieldsOf(form);
  if (!isOwnForm(choices('form'), visitor)) return c.text('not a form of this session\n', 403);
  const { place, name, store } = asked;
  const { companyId, language } = place;
  const context = contextOf(place, options);
  const query = fieldsOf(new URL(c.req.url).searchParams);
  const by = choices('by').trim();
  if (by === '' || by.length > 80) throw unclear('nobody is named', context.texts.acts.by);
  const { office } = options;
  const doIt = actions[name].decide(choices, query, context);
  const proposal = await office.with(companyId, async (open) => actions[name].propose(open, query, context));
  if (digestOf(proposal.seen) !== choices('seen')) throw changed();
  const currency = context.company?.currency ?? '';
  if (proposal.amount !== undefined && !isTyped(choices('amount'), proposal.amount, currency))
    throw unclear('the amount that was typed is another', context.format.amount(proposal.amount, currency));
  visitor.name = visitor.formToken === undefined ? '' : by;
  const work = {
    companyId,
    kind: name,
    what: proposal.what,
    by,
    do: async () => office.with(companyId, async (open) => doIt(open, proposal), { acts: true }),
    interrupted: context.texts.acts.interrupted,
  };
  const act = await acting.begin(store, work, patienceMs);
  return c.redirect(doneAddress(language, companyId, act.id), 303);
}

/** How an act ended, or that it is under way. */
export async function showDone(c: Context<PageEnv>, options: PageOptions): Promise<Response> {
  const { language = '', company: companyId = '', act: id } = c.req.param();
  const { store } = options.office;
  if (!isLanguage(language) || store === undefined) return c.notFound();
  const act = (await store.acts({ companyId, most: 1000 })).find((each) => each.id === id);
  if (act === undefined) return c.notFound();
  const place: Place = { language, companyId, view: undefined };
  const page = actPage(act, doneAddress(language, companyId, act.id), contextOf(place, options));
  return showPage(c, place, page, options);
}

function askedIn(c: Context<PageEnv>, options: PageOptions): Asked | undefined {
  const { language = '', company: companyId = '', action } = c.req.param();
  const name = actionNames.find((known) => known === action);
  const { office } = options;
  const { store } = office;
  if (!isLanguage(language) || name === undefined || store === undefined) return undefined;
  if (!office.companies.has(companyId) || !isAllowed(name, options)) return undefined;
  return { place: { language, companyId, view: undefined }, name, store };
}

/** A field that is given twice says nothing. */
function fieldsOf(given: URLSearchParams): Fields {
  return (name) => {
    const values = given.getAll(name);
    return values.length === 1 ? (values[0] ?? '') : '';
  };
}

/** Undefined where it is too long, whatever its header says. */
async function readForm(c: Context<PageEnv>): Promise<URLSearchParams | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function digestOf(seen: string): string {
  return createHash('sha256').update(seen).digest('base64url');
}

function changed(): BilagError {
  return new BilagError('conflict', {
    what: 'what was shown is not so any more: somebody else was at work',
    where: 'the form',
    action: 'go back, look again, and decide anew; nothing was changed',
  });
}
