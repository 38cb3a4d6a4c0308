import type { Company, OpenCompany } from '@bilag/company';
import type { BilagError, Language } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import type { html } from 'hono/html';
import type { Format } from './format.ts';
import type { Texts } from './texts/texts.ts';

/** HTML whose variable parts are escaped: what the tag `html` of hono gives. */
export type Html = ReturnType<typeof html>;

/** The pages, by the last part of their addresses. `payout`, `voucher` and `rows` are of one thing, and no part of the menu. */
export const viewNames = [
  'overview',
  'needs-you',
  'payouts',
  'payout',
  'vouchers',
  'voucher',
  'fees',
  'month',
  'log',
  'settings',
  'explain',
  'rows',
] as const;
export type ViewName = (typeof viewNames)[number];

/** What a person may do on a page, once it is opened so: nothing by default. */
export const actionNames = ['settle', 'match', 'release', 'apply', 'undo'] as const;
export type ActionName = (typeof actionNames)[number];

/** Parameters of an address; what is undefined is left out of it. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** The companies that are looked at, and what is remembered of them. */
export interface Office {
  /** Of the config, in its order. */
  readonly companies: ReadonlyMap<string, Company>;
  /** Companies that the config has, and that are wrong there. */
  readonly wrong: readonly BilagError[];
  /** Reads the config again where it has changed. Throws `config` for one that cannot be read: nothing is shown by the old one. */
  refresh(): Promise<void>;
  /** What the nights remember; undefined where there is no such memory. */
  readonly store: OfficeStore | undefined;
  readonly now: () => Date;
  /** Stops what is under way. */
  readonly signal: AbortSignal;
  /**
   * Opens a company of the config for a piece of work, and closes it after. What `acts` opens the delivery log anew, with everything that
   * is looked at before; what reads opens it once. Throws `not-found` for a company that is not there.
   */
  with<Result>(
    companyId: string,
    work: (open: OpenCompany) => Promise<Result>,
    options?: { readonly acts?: boolean },
  ): Promise<Result>;
}

/** What a page is asked for: every choice stands in the address. */
export interface Asked {
  /** Undefined on the pages of the whole office. */
  readonly companyId: string | undefined;
  /** The parameters of the address. */
  readonly parameters: URLSearchParams;
  /** Whether names and messages of payers may be read at all. */
  readonly showsPersonal: boolean;
}

/** What a page is made with, whoever shows it: a server, or a folder of files. */
export interface PageContext {
  readonly language: Language;
  readonly texts: Texts;
  readonly format: Format;
  /** The company whose page it is. */
  readonly company: Company | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly showsPersonal: boolean;
  /** Whether it is a file: without forms, and without what asks a server. */
  readonly isFile: boolean;
  /** The address of a page: of this company unless another is named, of the whole office for `null`. */
  link(view: ViewName, parameters?: Parameters, companyId?: string | null): string;
  /** The address of a table as CSV, by the names that the view gives its tables. */
  download(view: ViewName, table: string, parameters?: Parameters): string;
  /** The address where a person does something; undefined where that is not allowed. */
  act(action: ActionName, parameters: Parameters): string | undefined;
}

/** What stands between the heading of a page and its foot. */
export interface Page {
  /** Of the tab, and the one `h1`. */
  readonly title: string;
  /** Begins below the `h1`: its headings are `h2` and lower. */
  readonly main: Html;
}

/**
 * One of the pages. What it shows is read first, and then made into HTML; neither knows of servers, so that a report is
 * made of the same pages.
 */
export interface View<Data> {
  readonly name: ViewName;
  /** Whether there is such a page of the whole office, of a company, or of both. */
  readonly scope: 'office' | 'company' | 'both';
  data(office: Office, asked: Asked): Promise<Data>;
  page(data: Data, context: PageContext): Page;
  /** Its tables as CSV, by name: chunks of text, read as they are sent. */
  readonly tables?: Readonly<
    Record<string, (office: Office, asked: Asked, context: PageContext) => AsyncIterable<string>>
  >;
}

/** A view among others, whatever it shows. */
// oxlint-disable-next-line typescript/no-explicit-any -- what one view reads is no business of another
export type AnyView = View<any>;
