import { named, consequences, isBilagError, type BilagError, type Language } from '@bilag/core';
import { toStorageError } from '@bilag/engine';
import { Hono, type Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { stream } from 'hono/streaming';
import { pageAddress } from '../addresses.ts';
import { comfort } from '../layout/comfort.ts';
import { refusal } from '../layout/said.ts';
import { style } from '../layout/style.ts';
import { viewAt } from '../routes.ts';
import { mayRead } from '../safety/changes.ts';
import type { Doorkeeper } from '../safety/doorkeeper.ts';
import { isLanguage, textsOf } from '../texts/texts.ts';
import type { AnyView, Asked } from '../view.ts';
import type { Acting } from './acting.ts';
import { doAction, showDone, showProposal } from './do-action.ts';
import type { PageOptions } from './page-options.ts';
import { contextOf, firstPage, languageIn, showPage, withoutLink, type PageEnv, type Place } from './pages.ts';

/** The pages behind their door, as one function from request to response. */
export function pageApp(
  options: PageOptions,
  {
    doorkeeper,
    acting,
    cookieName,
  }: { readonly doorkeeper: Doorkeeper; readonly acting: Acting; readonly cookieName: string },
): Hono<PageEnv> {
  const app = new Hono<PageEnv>();
  app.get('/style.css', (c) => c.body(style, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/comfort.js', (c) => c.body(comfort, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
  app.use(async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (isRead && !mayRead(c.req.raw.headers)) return c.text('another page asked for this\n', 403);
    const url = new URL(c.req.url);
    const [, bearer] = /^(?:Bearer|token) +([\w-]+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    const link = c.req.method === 'GET' ? url.searchParams.get('token') : null;
    const answer = doorkeeper.ask({ link, bearer, session: getCookie(c, cookieName) });
    if (answer.is === 'by-link') {
      setCookie(c, cookieName, answer.session, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return c.redirect(withoutLink(url), 303);
    }
    const { door } = textsOf[languageIn(url.pathname, options)].shell;
    if (answer.is === 'too-many') return c.text(`${door.tooMany}\n`, 429, { 'Retry-After': '60' });
    if (answer.is === 'refused') return c.text(`${door.refused}\n`, 403);
    if (answer.is === 'nobody') return c.text(`${door.nobody}\n`, 401);
    c.set('visitor', answer.visitor);
    await options.office.refresh();
    return next();
  });
  app.get('/', (c) => c.redirect(firstPage(options.language ?? 'nb', options), 303));
  app.get('/:language/', (c) => {
    const language = c.req.param('language');
    return isLanguage(language) ? c.redirect(firstPage(language, options), 303) : c.notFound();
  });
  app.get('/:language/find', (c) => {
    const language = languageIn(c.req.path, options);
    return c.redirect(found(language, c.req.query('name') ?? '', options), 303);
  });
  app.get('/:language/c/:company/do/:action', async (c) => showProposal(c, options));
  app.post('/:language/c/:company/do/:action', async (c) => doAction(c, options, acting));
  app.get('/:language/c/:company/done/:act', async (c) => showDone(c, options));
  app.get('/:language/:view', async (c) => showView(c, options));
  app.get('/:language/:view/:table', async (c) => showView(c, options));
  app.get('/:language/c/:company/:view', async (c) => showView(c, options));
  app.get('/:language/c/:company/:view/:table', async (c) => showView(c, options));
  app.notFound(async (c) => {
    const { notFound: what, notFoundAction: action } = textsOf[languageIn(c.req.path, options)].shell.refusals;
    return showRefusal(c, { what, where: c.req.path, action }, options, 404);
  });
  app.onError(async (error, c) => showError(c, error, options));
  return app;
}

/** A company by its id or name, else the overview of those that are called so in part. */
function found(language: Language, name: string, { office }: PageOptions): string {
  const wanted = name.trim().toLowerCase();
  const ofName = [...office.companies.values()].filter((company) => company.name.toLowerCase() === wanted);
  const one = [...office.companies.keys()].find((id) => id.toLowerCase() === wanted) ?? ofName[0]?.id;
  if (one !== undefined && ofName.length < 2) return pageAddress(language, one, 'overview');
  return pageAddress(language, undefined, 'overview', { name: wanted === '' ? undefined : name.trim() });
}

async function showView(c: Context<PageEnv>, options: PageOptions): Promise<Response> {
  const { language = '', company: companyId, view: name = '', table } = c.req.param();
  const view = viewAt(name, companyId === undefined ? 'office' : 'company');
  const { office } = options;
  if (!isLanguage(language) || view === undefined) return c.notFound();
  if (companyId !== undefined && !office.companies.has(companyId)) return c.notFound();
  const place: Place = { language, companyId, view: view.name };
  const asked: Asked = {
    companyId,
    parameters: new URL(c.req.url).searchParams,
    showsPersonal: options.personal ?? false,
  };
  if (table !== undefined) return sendTable(c, view, table, asked, place, options);
  const data: unknown = await view.data(office, asked);
  return showPage(c, place, view.page(data, contextOf(place, options)), options);
}

/** A table as a file: its first part is made before anything is sent, so that what is refused is refused as a page. */
async function sendTable(
  c: Context<PageEnv>,
  view: AnyView,
  table: string,
  asked: Asked,
  place: Place,
  options: PageOptions,
): Promise<Response> {
  const name = table.replace(/\.csv$/, '');
  const read = table.endsWith('.csv') ? named(view.tables ?? {}, name) : undefined;
  if (read === undefined) return c.notFound();
  const chunks = read(options.office, asked, contextOf(place, options))[Symbol.asyncIterator]();
  let chunk = await chunks.next();
  const file = [asked.companyId, name]
    .filter(Boolean)
    .join('-')
    .replaceAll(/[^\w.-]/g, '_');
  c.header('Content-Type', 'text/csv; charset=utf-8');
  c.header('Content-Disposition', `attachment; filename="${file}.csv"`);
  return stream(
    c,
    async (out) => {
      out.onAbort(() => void chunks.return?.());
      for (; chunk.done !== true; chunk = await chunks.next()) await out.write(chunk.value);
    },
    async (error) => {
      options.onFault?.(error);
      // A file that ends early must not look whole: the connection breaks off.
      throw error;
    },
  );
}

/** An error as a page: what, where, and what to do, as on the command line. */
export async function showError(c: Context<PageEnv>, caught: unknown, options: PageOptions): Promise<Response> {
  const error = isBilagError(caught) ? caught : toStorageError(caught, 'a file of Bilag', 'nothing was changed');
  if (isBilagError(error)) return showRefusal(c, error, options, statusOf(error));
  options.onFault?.(caught);
  const { fault: what, faultAction: action } = textsOf[languageIn(c.req.path, options)].shell.refusals;
  return showRefusal(c, { what, where: c.req.path, action }, options, 500);
}

async function showRefusal(
  c: Context<PageEnv>,
  told: Pick<BilagError, 'what' | 'where' | 'action'>,
  options: PageOptions,
  status: 400 | 403 | 404 | 409 | 500 | 503,
): Promise<Response> {
  const { path } = c.req;
  const language = languageIn(path, options);
  const [, companyId] = /^\/\w+\/c\/([^/]+)\//.exec(path) ?? [];
  const isKnown = companyId !== undefined && options.office.companies.has(companyId);
  const place: Place = { language, companyId: isKnown ? companyId : undefined, view: undefined };
  const context = contextOf(place, options);
  const page = { title: context.texts.shell.refusals.title, main: refusal(told, context) };
  return showPage(c, place, page, options, status);
}

/** By what the error asks for. */
function statusOf({ kind }: BilagError): 400 | 404 | 409 | 503 {
  if (kind === 'not-found') return 404;
  const { ends } = consequences[kind];
  return ends === 'retry' ? 503 : ends === 'person' ? 409 : 400;
}
