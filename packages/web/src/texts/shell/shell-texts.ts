import type { ViewName } from '../../view.ts';

/** Around every page, and on the forms: menu, foot, refusals. */
export interface ShellTexts {
  /** Of the language itself, for the choice of languages. */
  readonly language: string;
  readonly skipToContent: string;
  /** The names of the pages, in the menu and in headings. */
  readonly viewTitles: Readonly<Record<ViewName, string>>;
  readonly menu: string;
  readonly languages: string;
  readonly allCompanies: string;
  readonly companies: string;
  readonly findCompany: string;
  readonly find: string;
  /** How many things wait, beside the menu's `needs-you`. */
  waiting(count: string): string;
  readonly readOnly: string;
  readonly personalHidden: string;
  readonly personalShown: string;
  readonly madeBy: string;
  /** When the page was made. */
  readonly made: string;
  readonly filterTable: string;
  readonly copy: string;
  readonly copied: string;
  readonly refusals: Refusals;
  /** To whoever is not let in. */
  readonly door: Door;
}

/** What a page says instead of showing something. */
export interface Refusals {
  readonly title: string;
  readonly where: string;
  readonly whatNow: string;
  readonly notFound: string;
  readonly notFoundAction: string;
  readonly fault: string;
  readonly faultAction: string;
}

/** To whoever is not let in. */
export interface Door {
  readonly nobody: string;
  readonly refused: string;
  readonly tooMany: string;
}
