import { lineName, type CompanyBank } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import { html } from 'hono/html';
import { amountColumn, dateColumn, textColumn } from '../tables/column.ts';
import { tableOf } from '../tables/html-table.ts';
import type { Html, PageContext } from '../view.ts';
import { unclear, type Action, type Fields } from './action.ts';

type Match = CompanyBank['matches'][number];

/** What a person says a line of the bank is. */
export const match: Action = {
  name: 'match',
  propose: async (open, asked, context) => {
    const name = asked('line');
    const found = (await open.bank())?.matches.find(({ line }) => lineName(line) === name || line.id === name);
    if (found === undefined) throw noLine(name, open.company.id);
    return {
      what: `bank line ${lineName(found.line)}`,
      shown: lineTable(found, context),
      fields: found.decision === undefined ? fieldsOf(found, context) : undefined,
      seen: JSON.stringify([found.line.id, found.outcome, found.payouts.map(({ reference }) => reference)]),
    };
  },
  decide: (choices, asked, { texts }) => {
    const payouts = payoutsOf(choices);
    const note = [choices('by'), choices('note').trim()].filter((text) => text !== '').join(': ');
    return async (open) => {
      const decision = await open.decideBankLines({ lines: [asked('line')], payouts, note });
      return { how: texts.acts.match.decided(decision.number), isDone: true };
    };
  },
};

/** What the bank writes on a line may name a person: it is shown where that is asked for. */
function lineTable(found: Match, context: PageContext): Html {
  const { columns, nothingToDo } = context.texts.acts;
  return html`${tableOf<Match>(
      {
        caption: columns.text,
        currency: found.line.currency,
        empty: nothingToDo,
        rows: [found],
        columns: [
          dateColumn(columns.date, ({ line }) => line.date),
          textColumn(columns.text, ({ line }) => (context.showsPersonal ? line.texts.join(' ') : lineName(line)), {
            isHeading: true,
          }),
          amountColumn(columns.amount, ({ line }) => line.amount),
          textColumn(columns.state, ({ outcome }) => outcome),
        ],
      },
      context,
    )}
    <p>${found.reason}</p>`;
}

function fieldsOf({ payouts, line }: Match, { texts, format }: PageContext): Html {
  const words = texts.acts.match;
  const choice = ({ reference, amount, date }: (typeof payouts)[number], index: number): Html =>
    html`<p>
      <input type="radio" id="payout-${index}" name="payout" value="${reference}" required />
      <label for="payout-${index}">${reference}, ${format.date(date)}, ${format.amount(amount, line.currency)}</label>
    </p>`;
  return html`<fieldset>
      <legend>${words.question}</legend>
      ${payouts.map(choice)}
      <p>
        <input type="radio" id="other" name="payout" value=" other" required />
        <label for="other">${words.other}</label>
        <input name="other" aria-label="${words.other}" autocomplete="off" maxlength="100" />
      </p>
      <p>
        <input type="radio" id="unrelated" name="payout" value=" none" required />
        <label for="unrelated">${words.unrelated}</label>
      </p>
    </fieldset>
    <p class="field"><label for="note">${words.note}</label> <input id="note" name="note" maxlength="200" /></p>`;
}

/** A reference has no blank before it. */
function payoutsOf(choices: Fields): readonly string[] {
  const chosen = choices('payout');
  if (chosen === ' none') return [];
  const reference = chosen === ' other' ? choices('other').trim() : chosen;
  if (reference === '') throw unclear('no payout is chosen', 'which payout the line is');
  return [reference];
}

function noLine(name: string, companyId: string): BilagError {
  return new BilagError('not-found', {
    what: `the bank delivered no line ${quotedName(name)}`,
    where: `company ${companyId}`,
    action: 'choose one from what needs you; nothing was decided',
  });
}
