import { BilagError, quotedName } from '@bilag/core';
import type { Decision, DeliveryRow } from '@bilag/engine';
import { html } from 'hono/html';
import type { Html, PageContext } from '../view.ts';
import { connectedTarget, unclear, type Action, type Fields } from './action.ts';
import { rowsTable } from './rows-table.ts';

/** What a person found about a voucher whose outcome is unknown, that is in conflict, or that changed in the target. */
export const settle: Action = {
  name: 'settle',
  propose: async (open, asked, context) => {
    const { company, connection } = await connectedTarget(open);
    const reference = asked('voucher');
    const [row] = await connection.store.rows(company.id, { reference });
    if (row === undefined) throw noVoucher(reference, company.id);
    return {
      what: `voucher ${reference}`,
      shown: rowsTable([row], company.currency, context),
      fields: fieldsOf(row, context),
      seen: seenRow(row),
    };
  },
  decide: (choices, asked, { texts }) => {
    const decision = decisionOf(choices);
    return async (open, proposal) => {
      const target = await connectedTarget(open);
      // What a night or somebody else has settled meanwhile was not shown.
      const confirm = (row: DeliveryRow): boolean => seenRow(row) === proposal.seen;
      const row = await target.settle(asked('voucher'), decision, { confirm });
      return { how: texts.acts.settle.settled(row.delivery.state), isDone: true };
    };
  },
};

/** A voucher and how it stands: where another process has changed it, it is not what the person saw. */
export function seenRow({ reference, digest, delivery, isHeld }: DeliveryRow): string {
  return JSON.stringify([reference, digest, delivery.state, delivery.targetId, delivery.attempts, isHeld]);
}

export function noVoucher(reference: string, companyId: string): BilagError {
  return new BilagError('not-found', {
    what: `the log knows no voucher ${quotedName(reference)}`,
    where: `company ${companyId}`,
    action: 'choose one from the list of vouchers; nothing was changed',
  });
}

function fieldsOf({ delivery }: DeliveryRow, { texts }: PageContext): Html {
  const words = texts.acts.settle;
  return html`<fieldset>
    <legend>${words.question}</legend>
    <p>
      <input type="radio" id="there" name="is" value="there" required />
      <label for="there">${words.there}</label>
    </p>
    <p class="field">
      <label for="id">${words.id}</label>
      <input id="id" name="id" value="${delivery.targetId ?? ''}" autocomplete="off" maxlength="100" />
    </p>
    <p>
      <input type="checkbox" id="as-it-is" name="as-it-is" value="yes" />
      <label for="as-it-is">${words.asItIs}</label>
    </p>
    <p>
      <input type="radio" id="not-there" name="is" value="not-there" required />
      <label for="not-there">${words.notThere}</label>
    </p>
  </fieldset>`;
}

function decisionOf(choices: Fields): Decision {
  const asItIs = choices('as-it-is') === 'yes';
  const targetId = choices('id').trim();
  if (choices('is') === 'there' && targetId !== '') return { is: 'there', targetId, asItIs };
  if (choices('is') === 'not-there' && !asItIs) return { is: 'not-there' };
  throw unclear('it is not clear what was found', 'whether it is there, and under which id');
}
