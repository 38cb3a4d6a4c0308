import { accountsToSend, plannedVoucher, type CompanyPlan } from '@bilag/company';
import { add, plainDate, subtract, sum, voucherReference, zero, type Amount } from '@bilag/core';
import type { PlanItem } from '@bilag/engine';
import { html } from 'hono/html';
import { amountColumn, dateColumn, percentColumn, textColumn } from '../tables/column.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext } from '../view.ts';
import { connectedTarget, type Action, type Fields } from './action.ts';
import { howOf } from './result.ts';

/** Posts what is planned, each voucher once, after its accounts, VAT and sums were shown. */
export const apply: Action = {
  name: 'apply',
  propose: async (open, asked, context) => {
    const planned = await (await connectedTarget(open)).plan(rangeOf(asked));
    const sent = toSend(planned);
    const { from, to } = planned.plan;
    return {
      what: `${sent.length} vouchers, ${from} to ${to}`,
      shown: shownPlan(planned, open.company.currency, context),
      fields: sent.length === 0 ? undefined : fieldsOf(planned, context),
      seen: seenPlan(planned),
      amount: totalOf(planned),
    };
  },
  decide: (choices, asked, context) => async (open, proposal) => {
    const target = await connectedTarget(open);
    const planned = await target.plan(rangeOf(asked));
    if (seenPlan(planned) !== proposal.seen) return { how: context.texts.acts.changed, isDone: false };
    const mostReversals = choices('rebook') === 'yes' ? changedIn(planned).length : 0;
    return howOf(await target.apply(planned, { mostReversals }), context.texts.acts.apply.posted, context);
  },
};

/** How many vouchers are listed one by one; the sums have all. */
const mostListed = 100;

function rangeOf(asked: Fields): {
  readonly unchanged: 'counted';
  from?: ReturnType<typeof plainDate>;
  to?: ReturnType<typeof plainDate>;
} {
  const [from, to] = [asked('from'), asked('to')];
  return {
    unchanged: 'counted',
    ...(from === '' ? {} : { from: plainDate(from) }),
    ...(to === '' ? {} : { to: plainDate(to) }),
  };
}

function toSend({ plan }: CompanyPlan): readonly PlanItem[] {
  return plan.items.filter(({ isToBeSent }) => isToBeSent);
}

/** What is in the books already and would be taken back first. */
function changedIn(planned: CompanyPlan): readonly PlanItem[] {
  return toSend(planned).filter(({ change }) => change === 'changed');
}

/** Every voucher that would be sent, and what of it is there. */
function seenPlan(planned: CompanyPlan): string {
  return toSend(planned)
    .map(({ key, change, voucher, posted }) => JSON.stringify([key, change, voucher?.digest, posted?.delivery.state]))
    .join('\n');
}

/** Debit of everything that is sent: what the person types. */
function totalOf(planned: CompanyPlan): Amount {
  return sum(accountsToSend(planned.plan, planned.nameOf).map(({ debit }) => debit));
}

function shownPlan(planned: CompanyPlan, currency: string, context: PageContext): Html {
  const { acts } = context.texts;
  const { heldDates, findings } = planned.plan;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const held = heldDates.filter(({ because }) => because !== 'open');
  return html`${accountsTable(planned, currency, context)} ${vatTable(planned, currency, context)}
  ${voucherTables(planned, currency, context)}
  ${
    held.length + errors.length === 0
      ? ''
      : html`<div class="said wait">
          <p>${acts.apply.held}</p>
          <ul>
            ${held.map(({ date, why }) => html`<li>${context.format.date(date)}: ${why}</li>`)}
            ${errors.map(({ message, where, action }) => html`<li>${message} (${where}). ${action}</li>`)}
          </ul>
        </div>`
  }`;
}

function accountsTable(planned: CompanyPlan, currency: string, context: PageContext): Html {
  const { columns, apply: words, nothingToDo } = context.texts.acts;
  const rows = accountsToSend(planned.plan, planned.nameOf);
  const total = totalOf(planned);
  return tableOf<(typeof rows)[number]>(
    {
      caption: words.accounts,
      currency,
      empty: nothingToDo,
      rows,
      columns: [
        textColumn(columns.account, ({ account }) => account, { isHeading: true }),
        textColumn(columns.name, ({ name }) => name),
        amountColumn(columns.debit, ({ debit }) => debit),
        amountColumn(columns.credit, ({ credit }) => credit),
      ],
      sums: { label: words.total, row: { account: '', name: '', currency, debit: total, credit: total }, of: [2, 3] },
    },
    context,
  );
}

interface VatSum {
  readonly code: string;
  readonly rate: number;
  readonly basis: Amount;
}

/** By code: the sums of the lines that carry it, as revenue is positive. */
function vatTable(planned: CompanyPlan, currency: string, context: PageContext): Html {
  const { columns, apply: words, nothingToDo } = context.texts.acts;
  const sums = new Map<string, VatSum>();
  for (const item of toSend(planned))
    for (const { vatCode, rateBasisPoints, debit, credit } of plannedVoucher(item, planned.nameOf).lines) {
      if (vatCode === null) continue;
      const key = `${vatCode} ${rateBasisPoints}`;
      const { basis } = sums.get(key) ?? { basis: zero };
      sums.set(key, { code: vatCode, rate: rateBasisPoints ?? 0, basis: add(basis, subtract(credit, debit)) });
    }
  const rows = [...sums.values()];
  return tableOf<VatSum>(
    {
      caption: words.vat,
      currency,
      empty: nothingToDo,
      rows: rows.toSorted((a, b) => (a.code < b.code ? -1 : 1)),
      columns: [
        textColumn(columns.vatCode, ({ code }) => code, { isHeading: true }),
        percentColumn(columns.rate, ({ rate }) => rate),
        amountColumn(columns.basis, ({ basis }) => basis),
      ],
    },
    context,
  );
}

/** One row for each account of each voucher; the first row of a voucher names it. */
function voucherTables(planned: CompanyPlan, currency: string, context: PageContext): Html {
  const { columns, apply: words, nothingToDo } = context.texts.acts;
  const sent = toSend(planned);
  const rows = sent.slice(0, mostListed).flatMap((item) => {
    return plannedVoucher(item, planned.nameOf).lines.map((line) => ({ item, line }));
  });
  const table = tableOf<(typeof rows)[number]>(
    {
      caption: words.vouchers,
      currency,
      empty: nothingToDo,
      rows,
      columns: [
        dateColumn(columns.date, ({ item }) => item.date),
        textColumn(columns.voucher, ({ item }) => (item.voucher === null ? item.key : voucherReference(item.voucher)), {
          isHeading: true,
        }),
        textColumn(columns.change, ({ item }) => item.change),
        textColumn(columns.account, ({ line }) => line.account),
        textColumn(columns.name, ({ line }) => line.name),
        textColumn(columns.vatCode, ({ line }) => line.vatCode ?? undefined),
        amountColumn(columns.debit, ({ line }) => (line.debit === 0 ? undefined : line.debit)),
        amountColumn(columns.credit, ({ line }) => (line.credit === 0 ? undefined : line.credit)),
      ],
    },
    context,
  );
  const more = sent.length - mostListed;
  return html`${table}${more > 0 ? html`<p>${words.more(context.format.count(more))}</p>` : ''}`;
}

/** What is in the books is taken back only by somebody who said so. */
function fieldsOf(planned: CompanyPlan, { texts, format }: PageContext): Html | '' {
  const { length } = changedIn(planned);
  if (length === 0) return '';
  return html`<p>
    <input type="checkbox" id="rebook" name="rebook" value="yes" />
    <label for="rebook">${texts.acts.apply.rebook(format.count(length))}</label>
  </p>`;
}
