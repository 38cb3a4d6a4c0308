import type { Explained } from '@bilag/company';
import { exitCodes } from '../../program/exit-codes.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { addCompanyOptions, withCompanies, type CompanyOptions } from '../with-companies.ts';

/** `bilag explain`: what something came from and where it went, as a tree. */
export const addExplainCommand: AddCommand = (command, session, ended) => {
  command.argument(
    '<what>',
    'a reference (of a voucher, payout, order, bank line or invoice), an amount (1572.00) or a date',
  );
  addCompanyOptions(command).action(async (what: string, options: CompanyOptions) => {
    const { out, json, progress } = session;
    ended(
      await withCompanies(session, options, async (open) => {
        const { id, name } = open.company;
        progress.show(`looking through the books of ${id}`);
        const found = await open.explain(what, json ? { most: Number.POSITIVE_INFINITY } : {});
        progress.clear();
        if (!json) {
          await out.heading(`${name} (${id})`, `: ${what}`);
          if (found.length === 0)
            await out.line('nothing in the books, the ledger, the bank or the invoices is called so');
          for (const each of found) await out.write(linesOf(each).join('\n') + '\n');
        }
        return {
          code: found.length === 0 ? exitCodes.usage : exitCodes.done,
          json: { company: id, asked: what, found },
        };
      }),
    );
  });
};

function linesOf({ text, children }: Explained): readonly string[] {
  return [
    text,
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      return linesOf(child).map((line, at) => (at === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  ') + line);
    }),
  ];
}
