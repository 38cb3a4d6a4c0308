import type { Amount } from '@bilag/core';
import { html } from 'hono/html';
import { balanceChart } from '../../charts/balance-chart.ts';
import type { ComparedAccount, CompanyOverview } from '../../data/overview.ts';
import { refusal } from '../../layout/said.ts';
import { amountColumn, textColumn, type Column } from '../../tables/column.ts';
import { tableOf } from '../../tables/html-table.ts';
import type { Html, PageContext } from '../../view.ts';
import { accountName } from './proof-words.ts';
import { agreement } from './state.ts';
import { findingList } from './told.ts';

/** One company: what the provider owes, what the books say, and what comes next. */
export function companyPart({ refused, standing, lastRun }: CompanyOverview, context: PageContext): Html {
  const { texts, company } = context;
  const { overview: words, common } = texts.views;
  const currency = company?.currency ?? '';
  const run = lastRunCard(lastRun, context);
  if (standing === undefined)
    return html`${refused === undefined ? '' : refusal(refused, context)}
      <ul class="cards">
        ${run}
      </ul>`;
  const { findings, month, balances, accounts } = standing;
  const asking = findings.filter(({ code }) => code !== 'proof-date-open' && code !== 'bank-not-read');
  return html`<ul class="cards">
      ${figureCards(standing, currency, context)} ${nextCards(standing, asking.length, context)} ${run}
    </ul>
    ${balanceChart(balances, currency, context)}
    ${tableOf(
      {
        caption: words.accounts,
        currency,
        columns: accountColumns(month, context),
        rows: accounts,
        empty: common.none,
      },
      context,
    )}
    ${
      asking.length === 0
        ? ''
        : html`<h2>${words.toLookAt}</h2>
            ${findingList(asking.slice(0, 10), currency, context)}`
    }`;
}

type Standing = NonNullable<CompanyOverview['standing']>;

function lastRunCard(lastRun: CompanyOverview['lastRun'], { texts, format, link }: PageContext): Html {
  const { overview: words, log } = texts.views;
  return html`<li class="card">
    <p>${words.lastRun}</p>
    <p>${lastRun === undefined ? words.unknown : html`${log.runs[lastRun.kind]}, ${format.time(lastRun.startedAt)}`}</p>
    <p><a href="${link('log')}">${texts.shell.viewTitles.log}</a></p>
  </li>`;
}

/** What the provider owes, what the books say, and the difference: each leads to the month. */
function figureCards(
  { provider, books, difference, isProved, through, month }: Standing,
  currency: string,
  context: PageContext,
): Html {
  const { texts, format, link, company } = context;
  const { overview: words, common } = texts.views;
  const { provider: name } = company?.source.declaration.profile ?? {};
  const card = (label: string, value: Amount, more: Html, mood = ''): Html =>
    html`<li class="card">
      <p>${label} (${currency})</p>
      <p class="figure${mood}">${format.amount(value, currency)}</p>
      ${more}
      <p><a href="${link('month', { month })}" aria-label="${common.how} ${label}">${common.how}</a></p>
    </li>`;
  return html`${card(name === undefined ? words.provider : words.providerNamed(name), provider, html`<p>${words.through} ${format.date(through)}</p>`)}
  ${card(words.books, books, html``)}
  ${card(words.difference, difference, html`<p>${agreement(isProved, context)}</p>`, isProved ? ' good' : ' bad')}`;
}

function nextCards({ closedThrough, nextPayout }: Standing, asking: number, context: PageContext): Html {
  const { texts, format, link } = context;
  const { overview: words } = texts.views;
  const { 'needs-you': needsYou } = texts.shell.viewTitles;
  return html`<li class="card">
      <p>${words.closedThrough}</p>
      <p>${closedThrough === null ? words.nothingClosed : format.date(closedThrough)}</p>
    </li>
    <li class="card">
      <p>${words.nextPayout}</p>
      ${nextPayoutPart(nextPayout, context)}
    </li>
    <li class="card">
      <p>${needsYou}</p>
      <p class="figure">${format.count(asking)}</p>
      <p><a href="${link('needs-you')}">${needsYou}</a></p>
    </li>`;
}

function nextPayoutPart(payout: Standing['nextPayout'], { texts, format, link }: PageContext): Html {
  const { overview: words } = texts.views;
  if (payout === undefined) return html`<p>${words.noPayout}</p>`;
  const { amount, currency, expected, date, reference } = payout;
  return html`<p class="figure">${format.amount(amount, currency)}</p>
    <p>
      <a href="${link('payout', { payout: reference })}">${reference}</a>,
      ${expected === undefined ? words.scheduled : words.expected} ${format.date(expected ?? date)}
    </p>`;
}

function accountColumns(month: string, context: PageContext): readonly Column<ComparedAccount>[] {
  const { overview: words } = context.texts.views;
  return [
    textColumn(words.account, (account) => comparedName(account, context), {
      isHeading: true,
      shown: (account) => html`<a href="${context.link('month', { month })}">${comparedName(account, context)}</a>`,
    }),
    amountColumn(words.told, ({ told }) => told),
    amountColumn(words.books, ({ books }) => books),
    amountColumn(words.difference, ({ difference }) => difference),
    textColumn(words.asksFor, ({ difference }) => (difference === 0 ? words.agrees : words.differs), {
      shown: ({ difference }) => agreement(difference === 0, context),
    }),
  ];
}

function comparedName(account: ComparedAccount, context: PageContext): string {
  const { comparedInvoices } = context.texts.views.month;
  return account.byInvoices ? `${accountName(account, context)} (${comparedInvoices})` : accountName(account, context);
}
