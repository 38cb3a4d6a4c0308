import type { Standing } from '@bilag/company';
import { subtract, type Amount } from '@bilag/core';
import { html } from 'hono/html';
import type { OfficeOverview, StandingCompany } from '../../data/overview.ts';
import { refusal } from '../../layout/said.ts';
import { amountColumn, dateColumn, textColumn, timeColumn, type Column } from '../../tables/column.ts';
import { tableOf } from '../../tables/html-table.ts';
import type { Html, PageContext } from '../../view.ts';
import { pager } from './month-picker.ts';
import { agreement, state } from './state.ts';

/** Every company at a glance, as its last night left it. */
export function officePart(office: OfficeOverview, isFirst: boolean, context: PageContext): Html {
  const { texts, format, link, download } = context;
  const { overview: words, common } = texts.views;
  const { companies, count, person, retry, show, name, next, wrong, lastNight } = office;
  const kept = { show: show === 'all' ? undefined : show, name: name === '' ? undefined : name };
  const choice = (value: typeof show, said: string): Html =>
    value === show
      ? html`<li><span aria-current="true">${said}</span></li>`
      : html`<li>
          <a href="${link('overview', { ...kept, show: value === 'all' ? undefined : value })}">${said}</a>
        </li>`;
  return html`${wrong.map((error) => refusal(error, context))}
    <ul class="cards">
      <li class="card">
        <p>${words.companiesCount}</p>
        <p class="figure">${format.count(count)}</p>
      </li>
      <li class="card">
        <p>${words.person}</p>
        <p class="figure">${format.count(person)}</p>
        <p><a href="${link('needs-you')}">${texts.shell.viewTitles['needs-you']}</a></p>
      </li>
      <li class="card">
        <p>${words.retry}</p>
        <p class="figure">${format.count(retry)}</p>
      </li>
      <li class="card">
        <p>${words.lastNight}</p>
        <p>${lastNight === undefined ? words.unknown : format.time(lastNight.endedAt ?? lastNight.startedAt)}</p>
        ${lastNight?.endedAt === null ? html`<p>${words.notEnded}</p>` : ''}
      </li>
    </ul>
    <nav aria-label="${words.choose}">
      <ul>
        ${choice('all', words.all)} ${choice('person', words.person)} ${choice('retry', words.retry)}
      </ul>
    </nav>
    ${tableOf(
      {
        caption: texts.shell.companies,
        currency: '',
        columns: companyColumns(context),
        rows: companies,
        empty: name === '' ? common.none : words.noneCalled(name),
        download: download('overview', 'companies', kept),
      },
      context,
    )}
    ${pager('overview', { next: next === undefined ? undefined : { after: next }, isFirst }, kept, context)}`;
}

export function companyColumns(context: PageContext): readonly Column<StandingCompany>[] {
  const { texts, link } = context;
  const { overview: words } = texts.views;
  const says = ({ state: remembered }: StandingCompany): string =>
    remembered === undefined ? words.unknown : words[remembered.asksFor];
  return [
    textColumn(words.company, ({ name }) => name, {
      isHeading: true,
      shown: ({ id, name }) => html`<a href="${link('overview', {}, id)}">${name}</a>`,
    }),
    textColumn(words.number, ({ organisationNumber }) => organisationNumber),
    textColumn(words.currency, currencyOf),
    amountColumn(words.provider, (company) => standingOf(company)?.provider, { currency: currencyOf }),
    amountColumn(words.books, (company) => standingOf(company)?.books, { currency: currencyOf }),
    amountColumn(words.difference, differenceOf, {
      currency: currencyOf,
      shown: (company) => {
        const value = differenceOf(company);
        if (value === undefined) return '';
        return html`${context.format.amount(value, currencyOf(company))} ${agreement(value === 0, context)}`;
      },
    }),
    dateColumn(words.through, (company) => standingOf(company)?.through),
    textColumn(words.asksFor, says, {
      shown: (company) => {
        const asksFor = company.state?.asksFor;
        const mood = asksFor === 'nothing' ? 'good' : asksFor === 'person' ? 'bad' : 'wait';
        return state(says(company), mood);
      },
    }),
    textColumn(words.why, ({ state: remembered }) => remembered?.reasons[0]?.what, {
      shown: ({ id, state: remembered }) => {
        const [reason] = remembered?.reasons ?? [];
        return reason === undefined ? '' : html`<a href="${link('needs-you', {}, id)}" lang="en">${reason.what}</a>`;
      },
    }),
    timeColumn(words.lastNight, ({ state: remembered }) => remembered?.at),
  ];
}

function currencyOf({ currency, state: remembered }: StandingCompany): string {
  return remembered?.currency ?? currency;
}

function standingOf({ state: remembered }: StandingCompany): Standing | undefined {
  return remembered?.standing;
}

function differenceOf(company: StandingCompany): Amount | undefined {
  const standing = standingOf(company);
  return standing && subtract(standing.provider, standing.books);
}
