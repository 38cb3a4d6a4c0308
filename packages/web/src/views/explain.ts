import type { Explained } from '@bilag/company';
import { html } from 'hono/html';
import type { Html, PageContext, View } from '../view.ts';

interface Explanation {
  /** What was asked; empty before something was. */
  readonly about: string;
  readonly explained: readonly Explained[];
}

/** What a voucher, an entry, a payout or a line of the bank came from, and where it went: as `bilag explain` tells it. */
export const explain: View<Explanation> = {
  name: 'explain',
  scope: 'company',
  data: async (office, { companyId = '', parameters }) => {
    const about = parameters.get('about')?.trim() ?? '';
    if (about === '') return { about, explained: [] };
    return { about, explained: await office.with(companyId, async (open) => open.explain(about, { most: 50 })) };
  },
  page: ({ about, explained }, context) => {
    const { texts, isFile, link } = context;
    const { explain: words } = texts.views;
    return {
      title: texts.shell.viewTitles.explain,
      main: html`${
        isFile
          ? ''
          : html`<form action="${link('explain')}" method="get" role="search">
              <p class="field">
                <label for="about">${words.ask}</label>
                <input id="about" name="about" type="text" value="${about}" autocomplete="off" maxlength="200" />
                <button type="submit">${words.show}</button>
              </p>
              <p class="soft">${words.examples}</p>
            </form>`
      }
      ${about !== '' && explained.length === 0 ? html`<p>${words.nothing(about)}</p>` : ''}
      ${explained.length === 0 ? '' : listOf(explained, context)}`,
    };
  },
};

function listOf(explained: readonly Explained[], context: PageContext): Html {
  const { kinds } = context.texts.views.explain;
  return html`<ul>
    ${explained.map(
      ({ is, text, children }) =>
        html`<li>
          <strong>${kinds[is]}:</strong> <span lang="en">${text}</span>
          ${children.length === 0 ? '' : listOf(children, context)}
        </li>`,
    )}
  </ul>`;
}
