import { BilagError, type PlainDate } from '@bilag/core';
import type { DeliveryStore, UndoChoice } from '@bilag/engine';

/** What to take back: everything of a run, of a range of posting dates, or one voucher by its key or reference. */
export type AskedUndo =
  | { readonly run: string }
  | { readonly from: PlainDate; readonly to: PlainDate }
  | { readonly voucher: string };

/** What is asked for, as the log has it: a voucher by its reference, or the one that stands in the books under its key. */
export async function undoChoiceOf(asked: AskedUndo, companyId: string, store: DeliveryStore): Promise<UndoChoice> {
  if ('run' in asked) {
    const runs = await store.runs(companyId);
    if (runs.some((run) => run.id === asked.run)) return asked;
    throw notInLog(`run ${asked.run.slice(0, 60)}`, companyId);
  }
  if (!('voucher' in asked)) return asked;
  const [named] = await store.rows(companyId, { reference: asked.voucher });
  if (named?.delivery.state === 'posted') return { reference: named.reference };
  const rows = await store.rows(companyId, { key: asked.voucher });
  const posted = rows.find(({ kind, delivery }) => kind === 'voucher' && delivery.state === 'posted');
  const found = posted ?? named ?? rows[0];
  if (found === undefined) throw notInLog(`voucher ${asked.voucher.slice(0, 60)}`, companyId);
  return { reference: found.reference };
}

function notInLog(what: string, id: string): BilagError {
  return new BilagError('not-found', {
    what: `the log does not know ${what}`,
    where: `company ${id}`,
    action: 'look at bilag status --list; nothing was sent',
  });
}
