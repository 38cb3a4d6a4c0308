import { named, BilagError, isBilagError, type Language, type OutputFile } from '@bilag/core';
import { formatOf } from '../format.ts';
import { documentOf } from '../layout/document.ts';
import { refusal } from '../layout/said.ts';
import { style } from '../layout/style.ts';
import { countWaiting } from '../data/waiting.ts';
import { menuOf, viewAt } from '../routes.ts';
import { textsOf } from '../texts/texts.ts';
import type { AnyView, Asked, Office, Page, PageContext } from '../view.ts';
import { fileNameOf, type ReportPlace } from './file-names.ts';

/** What a report has. */
export interface ReportOptions {
  readonly office: Office;
  /** Default `nb`. */
  readonly language?: Language;
  /** Whether names and messages of payers are shown. Default false. */
  readonly personal?: boolean;
  /** Told before each file. */
  readonly onFile?: (name: string) => void;
}

/** More would be no report to send to somebody. */
const mostFiles = 50_000;

/**
 * The same pages as files that lead to each other, to send to somebody: begin with `index.html`. What a page leads to is a file
 * too, and nothing else is. They are read as they are written.
 */
export async function* reportFiles(options: ReportOptions): AsyncGenerator<OutputFile, void, undefined> {
  const { office, onFile } = options;
  const [only] = office.companies.keys();
  const first = fileNameOf(placeAt(office.companies.size === 1 ? only : undefined));
  const waiting = new Map<string, ReportPlace>([[first, placeAt(office.companies.size === 1 ? only : undefined)]]);
  const known = new Set([first]);
  const fileOf = (place: ReportPlace): string => {
    const name = fileNameOf(place);
    if (!known.has(name)) {
      known.add(name);
      waiting.set(name, place);
    }
    return name === first ? 'index.html' : name;
  };
  yield { name: 'style.css', mediaType: 'text/css', content: [style] };
  for (const [name, place] of waiting) {
    if (known.size > mostFiles) throw tooMany();
    const shown = name === first ? 'index.html' : name;
    onFile?.(shown);
    yield place.table === undefined
      ? { name: shown, mediaType: 'text/html', content: [await pageOf(place, options, fileOf)] }
      : { name: shown, mediaType: 'text/csv', content: tableOf(place, place.table, options, fileOf) };
    waiting.delete(name);
  }
}

type FileOf = (place: ReportPlace) => string;

function placeAt(companyId: string | undefined): ReportPlace {
  return { companyId, view: 'overview', table: undefined, parameters: {} };
}

async function pageOf(place: ReportPlace, options: ReportOptions, fileOf: FileOf): Promise<string> {
  const { office } = options;
  const context = contextOf(place, options, fileOf);
  const view = viewOf(place);
  const shown = documentOf(await shownOf(place, view, context, options), context, {
    view: view.name,
    menu: menuOf(place.companyId === undefined ? 'office' : 'company'),
    waiting: await countWaiting(office, place.companyId),
    hasSeveral: office.companies.size > 1,
    inLanguage: undefined,
    findAt: undefined,
    allowsActions: false,
  });
  return String(await shown);
}

/** A company that nothing was fetched for yet has pages that say so; whatever else goes wrong ends the report. */
async function shownOf(place: ReportPlace, view: AnyView, context: PageContext, options: ReportOptions): Promise<Page> {
  try {
    const data: unknown = await view.data(options.office, askedOf(place, options));
    return view.page(data, context);
  } catch (error) {
    if (!isBilagError(error) || (error.kind !== 'config' && error.kind !== 'not-found')) throw error;
    return { title: context.texts.shell.viewTitles[view.name], main: refusal(error, context) };
  }
}

function tableOf(place: ReportPlace, table: string, options: ReportOptions, fileOf: FileOf): AsyncIterable<string> {
  const read = named(viewOf(place).tables ?? {}, table);
  if (read === undefined) throw new TypeError(`${place.view} has no table ${table}`);
  return read(options.office, askedOf(place, options), contextOf(place, options, fileOf));
}

function viewOf({ view: name, companyId }: ReportPlace): AnyView {
  const view = viewAt(name, companyId === undefined ? 'office' : 'company');
  if (view === undefined) throw new TypeError(`there is no page ${name} of ${companyId ?? 'the office'}`);
  return view;
}

function askedOf({ companyId, parameters }: ReportPlace, { personal = false }: ReportOptions): Asked {
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { companyId, parameters: new URLSearchParams(given), showsPersonal: personal };
}

/** What is linked becomes a file; what is done is not. */
function contextOf(
  { companyId }: ReportPlace,
  { office, language = 'nb', personal = false }: ReportOptions,
  fileOf: FileOf,
): PageContext {
  return {
    language,
    texts: textsOf[language],
    format: formatOf(language),
    company: companyId === undefined ? undefined : office.companies.get(companyId),
    now: office.now().getTime(),
    showsPersonal: personal,
    isFile: true,
    link: (view, parameters = {}, other = companyId) =>
      fileOf({ companyId: other ?? undefined, view, table: undefined, parameters }),
    download: (view, table, parameters = {}) => fileOf({ companyId, view, table, parameters }),
    act: () => undefined,
  };
}

function tooMany(): BilagError {
  return new BilagError('unsupported', {
    what: `the report would have more than ${mostFiles} files`,
    where: 'the companies of the config',
    action: 'choose one with --company; nothing was written',
  });
}
