import type { AskedUndo } from '@bilag/company';
import { debitOf, plainDate, sum, type Amount } from '@bilag/core';
import type { DeliveryRow } from '@bilag/engine';
import { connectedTarget, unclear, type Action, type Fields } from './action.ts';
import { howOf } from './result.ts';
import { rowsTable } from './rows-table.ts';
import { seenRow } from './settle.ts';

/** Reverses what was posted: one voucher, a run, or a range of posting dates. */
export const undo: Action = {
  name: 'undo',
  propose: async (open, asked, context) => {
    const target = await connectedTarget(open);
    const choice = choiceOf(asked);
    const rows = await target.undoable(choice);
    return {
      what: Object.entries(choice)
        .map((pair) => pair.join(' '))
        .join(' '),
      shown: rowsTable(rows, open.company.currency, context),
      fields: rows.length === 0 ? undefined : '',
      seen: rows.map(seenRow).join('\n'),
      amount: grossOf(rows),
    };
  },
  decide: (_choices, asked, context) => async (open, proposal) => {
    const target = await connectedTarget(open);
    // What another process has posted meanwhile was not shown, and nobody said yes to it.
    const result = await target.undo(choiceOf(asked), (rows) => sameRows(rows, proposal.seen));
    return howOf(result, context.texts.acts.reversed, context);
  },
};

function sameRows(rows: readonly DeliveryRow[], seen: string): boolean {
  return rows.map(seenRow).toSorted().join('\n') === seen.split('\n').toSorted().join('\n');
}

function grossOf(rows: readonly DeliveryRow[]): Amount {
  return sum(rows.map(({ voucher }) => debitOf(voucher.lines)));
}

function choiceOf(asked: Fields): AskedUndo {
  const [voucher, run, from, to] = ['voucher', 'run', 'from', 'to'].map(asked) as [string, string, string, string];
  if (voucher !== '' && run + from + to === '') return { voucher };
  if (run !== '' && voucher + from + to === '') return { run };
  if (from !== '' && to !== '' && voucher + run === '') return { from: plainDate(from), to: plainDate(to) };
  throw unclear('it is not clear what to take back', 'the address');
}
