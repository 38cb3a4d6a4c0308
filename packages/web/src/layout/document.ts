import { languages } from '@bilag/core';
import { html, raw } from 'hono/html';
import { textsOf } from '../texts/texts.ts';
import type { Html, Page, PageContext, ViewName } from '../view.ts';

/** What the document around a page needs besides the page. */
export interface Surround {
  /** The page that is shown; undefined for a refusal. */
  readonly view: ViewName | undefined;
  readonly menu: readonly ViewName[];
  /** How many things wait for a person, of this company or of the office. */
  readonly waiting: number;
  /** Whether there are several companies to choose from. */
  readonly hasSeveral: boolean;
  /** The same page in another language; undefined where there is none. */
  readonly inLanguage: ((language: PageContext['language']) => string) | undefined;
  /** Where a company is looked for by its name; undefined in files. */
  readonly findAt: string | undefined;
  /** Whether a person may do something here. */
  readonly allowsActions: boolean;
}

/** A whole document around a page: one `h1`, the menu, and what is hidden said at the foot. Nothing in it is inline. */
export function documentOf({ title, main }: Page, context: PageContext, surround: Surround): Html {
  const { texts, language, company, isFile } = context;
  const assets = isFile ? '' : '/';
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${
          isFile
            ? html`<meta
                http-equiv="Content-Security-Policy"
                content="default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
              />`
            : raw('<script src="/comfort.js" defer></script>')
        }
        <title>${title} – ${company?.name ?? texts.shell.allCompanies} – Bilag</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${assets}style.css" />
      </head>
      <body>
        <a class="skip" href="#content">${texts.shell.skipToContent}</a>
        <header>${headerOf(context, surround)}</header>
        <main id="content" tabindex="-1">
          <h1>${title}</h1>
          ${main}
        </main>
        <footer>${footerOf(context, surround)}</footer>
      </body>
    </html>`;
}

function headerOf(context: PageContext, { view, menu, waiting, hasSeveral, findAt }: Surround): Html {
  const { texts, company, link, format } = context;
  const { shell } = texts;
  const isCurrent = (name: ViewName): boolean =>
    name === view || (view === 'payout' && name === 'payouts') || (view === 'voucher' && name === 'vouchers');
  const item = (name: ViewName): Html => {
    const badge =
      name === 'needs-you' && waiting > 0
        ? html` <span class="badge" title="${shell.waiting(format.count(waiting))}">${format.count(waiting)}</span>`
        : '';
    const current = isCurrent(name) ? html` aria-current="page"` : '';
    return html`<li><a href="${link(name)}" ${current}>${shell.viewTitles[name]}${badge}</a></li>`;
  };
  return html`<div class="where">
      <p class="company">${company?.name ?? shell.allCompanies}</p>
      ${hasSeveral && company !== undefined ? html`<a href="${link('overview', {}, null)}">${shell.allCompanies}</a>` : ''}
      ${
        hasSeveral && findAt !== undefined
          ? html`<form class="find" action="${findAt}" method="get" role="search">
              <label for="find">${shell.findCompany}</label>
              <input id="find" name="name" type="search" autocomplete="off" />
              <button type="submit">${shell.find}</button>
            </form>`
          : ''
      }
    </div>
    <nav aria-label="${shell.menu}">
      <ul>
        ${menu.map(item)}
      </ul>
    </nav>`;
}

function footerOf({ texts, format, now, showsPersonal, language }: PageContext, surround: Surround): Html {
  const { shell } = texts;
  const { inLanguage, allowsActions } = surround;
  return html`<p>
      ${shell.madeBy} · ${shell.made} ${format.time(now)} ·
      ${showsPersonal ? shell.personalShown : shell.personalHidden}${allowsActions ? '' : html` · ${shell.readOnly}`}
    </p>
    ${
      inLanguage === undefined
        ? ''
        : html`<nav aria-label="${shell.languages}">
            <ul class="languages">
              ${languages.map((other) =>
                other === language
                  ? html`<li><span aria-current="true">${textsOf[other].shell.language}</span></li>`
                  : html`<li>
                      <a href="${inLanguage(other)}" lang="${other}" hreflang="${other}"
                        >${textsOf[other].shell.language}</a
                      >
                    </li>`,
              )}
            </ul>
          </nav>`
    }`;
}
