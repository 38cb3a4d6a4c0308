import { connectedTarget, type Action } from './action.ts';
import { rowsTable } from './rows-table.ts';
import { noVoucher, seenRow } from './settle.ts';

/** Lets go of a voucher that was undone or held. */
export const release: Action = {
  name: 'release',
  propose: async (open, asked, context) => {
    const { company, connection } = await connectedTarget(open);
    const voucher = asked('voucher');
    const own = await connection.store.rows(company.id, { key: voucher });
    const rows = own.length > 0 ? own : await connection.store.rows(company.id, { reference: voucher });
    if (rows.length === 0) throw noVoucher(voucher, company.id);
    const held = rows.filter(({ kind, isHeld }) => kind === 'voucher' && isHeld);
    return {
      what: `voucher ${voucher}`,
      shown: rowsTable(held, company.currency, context),
      fields: held.length === 0 ? undefined : '',
      seen: held.map(seenRow).join('\n'),
    };
  },
  decide: (_choices, asked, { texts, format }) => {
    return async (open) => {
      const rows = await (await connectedTarget(open)).release({ voucher: asked('voucher') });
      return { how: texts.acts.released(format.count(rows.length)), isDone: true };
    };
  },
};
