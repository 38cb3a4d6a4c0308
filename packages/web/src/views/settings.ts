import { html } from 'hono/html';
import { BilagError } from '@bilag/core';
import { settingsOf, type Settings, type ShownRules } from '../data/settings.ts';
import { percentColumn, textColumn, type Column } from '../tables/column.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext, View } from '../view.ts';

/** What a company is booked by, to be read: it is changed in its config. */
export const settings: View<Settings> = {
  name: 'settings',
  scope: 'company',
  data: async (office, { companyId = '' }) => {
    const company = office.companies.get(companyId);
    if (company !== undefined) return settingsOf(company, office);
    throw new BilagError('not-found', {
      what: 'there is no such company',
      where: 'the address',
      action: 'choose one from the overview',
    });
  },
  page: ({ company, rules, targets, since }, context) => {
    const { texts } = context;
    const { settings: words } = texts.views;
    const { lockedThrough } = company.policy;
    return {
      title: texts.shell.viewTitles.settings,
      main: html`<p>${words.readOnly}</p>
        ${sincePart(since, context)}
        <dl>
          <dt>${texts.views.overview.company}</dt>
          <dd>${company.name} (${company.id})</dd>
          <dt>${texts.views.overview.number}</dt>
          <dd>${company.organisationNumber}</dd>
          <dt>${texts.views.overview.currency}</dt>
          <dd>${company.currency}</dd>
          <dt>${words.source}</dt>
          <dd>${company.source.declaration.title}</dd>
          <dt>${words.ledgers}</dt>
          <dd>${company.source.ledgers?.join(', ') ?? words.allLedgers}</dd>
          <dt>${words.targets}</dt>
          <dd>
            ${targets.length === 0 ? words.noTargets : targets.map(({ name, adapter }) => `${name} (${adapter})`).join(', ')}
          </dd>
          <dt>${words.lockedThrough}</dt>
          <dd>${lockedThrough === undefined ? words.notLocked : context.format.date(lockedThrough)}</dd>
          <dt>${words.fiscalYear}</dt>
          <dd>${company.fiscalYearStartMonth}</dd>
        </dl>
        ${rules.map((shown, index) => rulesPart(shown, index === 0, context))}`,
    };
  },
};

/** Whether they are as the last night worked by them. */
function sincePart(since: Settings['since'], { texts, format }: PageContext): Html | '' {
  if (since === undefined) return '';
  const { settings: words } = texts.views;
  return since.changed.length === 0
    ? html`<p class="said good">${words.unchangedSince} ${format.time(since.at)}.</p>`
    : html`<p class="said wait">
        ${words.changedSince} ${format.time(since.at)}: <code>${since.changed.join(', ')}</code>
      </p>`;
}

function rulesPart(
  { version, accounts, treatments, changed }: ShownRules,
  isLast: boolean,
  context: PageContext,
): Html {
  const { texts, format } = context;
  const { settings: words } = texts.views;
  return html`<h2>${isLast ? words.rulesNow : words.rulesBefore} ${format.date(version.from)}</h2>
    ${changed === undefined ? '' : html`<p>${words.changed}: <code>${changed.join(', ')}</code></p>`}
    <dl>
      <dt>${words.language}</dt>
      <dd>${version.language}</dd>
      <dt>${words.payouts}</dt>
      <dd>${words.payoutsAre[version.payouts]}</dd>
      <dt>${words.grouping}</dt>
      <dd>${words.groupings[version.grouping]}</dd>
      <dt>${words.lines}</dt>
      <dd>${words.linesAre[version.lines]}</dd>
      <dt>${words.disputes}</dt>
      <dd>${words.disputesAre[version.disputes]}</dd>
      <dt>${words.invoicedFees}</dt>
      <dd>${words.invoicedFeesAre[version.fees.invoiced]}</dd>
    </dl>
    ${tableOf(
      {
        caption: words.accounts,
        currency: '',
        columns: accountColumns(context),
        rows: accounts,
        empty: '',
      },
      context,
    )}
    ${tableOf(
      {
        caption: words.vat,
        currency: '',
        columns: vatColumns(context),
        rows: treatments,
        empty: '',
      },
      context,
    )}`;
}

function accountColumns({ texts }: PageContext): readonly Column<ShownRules['accounts'][number]>[] {
  const { vouchers: words } = texts.views;
  return [
    textColumn(words.account, ({ number }) => number, { isHeading: true }),
    textColumn(words.accountName, ({ name }) => name),
  ];
}

function vatColumns({ texts }: PageContext): readonly Column<ShownRules['treatments'][number]>[] {
  const { settings: words, vouchers } = texts.views;
  return [
    textColumn(words.treatment, ({ name }) => name, { isHeading: true }),
    percentColumn(vouchers.rate, ({ rateBasisPoints }) => rateBasisPoints),
    textColumn(vouchers.vatCode, ({ code }) => code),
    textColumn(vouchers.account, ({ account }) => account),
    textColumn(words.vatAccount, ({ vatAccount }) => vatAccount ?? undefined),
  ];
}
