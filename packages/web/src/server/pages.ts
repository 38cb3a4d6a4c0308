import { languages, type Language } from '@bilag/core';
import type { Context } from 'hono';
import { actionAddress, pageAddress, queryOf, tableAddress } from '../addresses.ts';
import { countWaiting } from '../data/waiting.ts';
import { formatOf } from '../format.ts';
import { documentOf } from '../layout/document.ts';
import { menuOf } from '../routes.ts';
import type { Visitor } from '../safety/doorkeeper.ts';
import { textsOf } from '../texts/texts.ts';
import type { ActionName, Page, PageContext, Parameters, ViewName } from '../view.ts';
import type { PageOptions, Permission } from './page-options.ts';

/** What hono carries along with a request. */
export interface PageEnv {
  readonly Variables: { visitor: Visitor };
}

/** Which page a request is for, as far as its address says. */
export interface Place {
  readonly language: Language;
  readonly companyId: string | undefined;
  readonly view: ViewName | undefined;
}

/** What each thing that a person does asks of the one who opened the page. */
export const permissionOf: Readonly<Record<ActionName, Permission>> = {
  settle: 'decide',
  match: 'decide',
  release: 'decide',
  apply: 'deliver',
  undo: 'deliver',
};

/** Whoever may deliver may decide. */
export function isAllowed(action: ActionName, { allow = [] }: PageOptions): boolean {
  return allow.includes(permissionOf[action]) || allow.includes('deliver');
}

/** What a page of the server is made with. */
export function contextOf({ language, companyId }: Place, options: PageOptions): PageContext {
  const { office, personal = false } = options;
  return {
    language,
    texts: textsOf[language],
    format: formatOf(language),
    company: companyId === undefined ? undefined : office.companies.get(companyId),
    now: office.now().getTime(),
    showsPersonal: personal,
    isFile: false,
    link: (view: ViewName, parameters?: Parameters, other: string | null | undefined = companyId) =>
      pageAddress(language, other ?? undefined, view, parameters),
    download: (view, table, parameters) => tableAddress(language, companyId, view, table, parameters),
    act: (action, parameters) =>
      companyId === undefined || !isAllowed(action, options)
        ? undefined
        : actionAddress(language, companyId, action, parameters),
  };
}

/** A page with everything around it. */
export async function showPage(
  c: Context<PageEnv>,
  place: Place,
  page: Page,
  options: PageOptions,
  status: 200 | 400 | 403 | 404 | 409 | 500 | 503 = 200,
): Promise<Response> {
  const { office, allow = [] } = options;
  const { language, companyId, view } = place;
  const context = contextOf(place, options);
  const parameters = Object.fromEntries(new URL(c.req.url).searchParams);
  const waiting = await countWaiting(office, companyId).catch((error: unknown) => {
    // What a refusal is about may be that nothing can be counted.
    if (status !== 200) return 0;
    throw error;
  });
  const shown = documentOf(page, context, {
    view,
    menu: menuOf(companyId === undefined ? 'office' : 'company'),
    waiting,
    hasSeveral: office.companies.size > 1,
    inLanguage: view === undefined ? undefined : (other) => pageAddress(other, companyId, view, parameters),
    findAt: `/${language}/find`,
    allowsActions: allow.length > 0,
  });
  return c.html(shown, status);
}

/** What the first part of an address says; the language of the server where it says nothing that is known. */
export function languageIn(path: string, { language = 'nb' }: PageOptions): Language {
  const [, first] = path.split('/');
  return languages.find((known) => known === first) ?? language;
}

/** Where somebody is sent who names no page. */
export function firstPage(language: Language, { office }: PageOptions): string {
  const [only] = office.companies.keys();
  return pageAddress(language, office.companies.size === 1 ? only : undefined, 'overview');
}

/** The same address without the secret of the link. */
export function withoutLink(url: URL): string {
  const { token: _token, ...parameters } = Object.fromEntries(url.searchParams);
  return `${url.pathname}${queryOf(parameters)}`;
}
