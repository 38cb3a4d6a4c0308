import { html } from 'hono/html';
import { officeStates, type StandingCompany } from '../data/office-states.ts';
import type { Html, PageContext, View } from '../view.ts';

/** How every company stands. */
export const overview: View<readonly StandingCompany[]> = {
  name: 'overview',
  scope: 'both',
  data: async (office) => officeStates(office),
  page: (companies, context) => ({
    title: context.texts.shell.viewTitles.overview,
    main: html`<div class="scroll">
      <table>
        <caption>
          ${context.texts.shell.companies}
        </caption>
        <thead>
          <tr>
            <th scope="col">${context.texts.views.overview.company}</th>
            <th scope="col">${context.texts.views.overview.number}</th>
            <th scope="col">${context.texts.views.overview.asksFor}</th>
            <th scope="col">${context.texts.views.overview.lastNight}</th>
          </tr>
        </thead>
        <tbody>
          ${companies.map((company) => rowOf(company, context))}
        </tbody>
      </table>
    </div>`,
  }),
};

function rowOf({ id, name, organisationNumber, state }: StandingCompany, context: PageContext): Html {
  const { texts, format } = context;
  const { overview: words } = texts.views;
  return html`<tr>
    <th scope="row"><a href="${context.link('overview', {}, id)}">${name}</a></th>
    <td>${organisationNumber}</td>
    <td>${state === undefined ? words.unknown : words[state.asksFor]}</td>
    <td>${state === undefined ? '' : format.time(state.at)}</td>
  </tr>`;
}
