import { BilagError } from '@bilag/core';
import { discover } from '@bilag/office';
import { counted } from '../../output/books-tables.ts';
import { explained } from '../../output/explained.ts';
import { toErrorJson, toMessage } from '../../output/messages.ts';
import { changeTable } from '../../output/office-tables.ts';
import type { AddCommand } from '../../program/add-command.ts';
import { exitCodeOf } from '../../program/exit-code-of.ts';
import { exitCodes, worstOf, type ExitCode } from '../../program/exit-codes.ts';
import { surroundingsOf, type Session } from '../../session.ts';
import { addOfficeOptions, withOffice, type OfficeOptions } from './with-office.ts';

interface DiscoverOptions extends OfficeOptions {
  readonly confirm?: string;
  readonly by?: string;
}

/** `bilag discover`: what has changed among the ledgers that the keys see. */
export const addDiscoverCommand: AddCommand = (command, session, ended) => {
  addOfficeOptions(command)
    .option('--confirm <ledger>', 'confirm what has changed of a ledger, so that it is delivered again; asks no keys')
    .option('--by <name>', 'who confirms it (default: the user of this machine)')
    .action(async (options: DiscoverOptions) => {
      ended(options.confirm === undefined ? await look(session, options) : await confirm(session, options));
    });
};

async function look(session: Session, options: DiscoverOptions): Promise<ExitCode> {
  const { out, messages, json, world } = session;
  return withOffice(session, options, async (store, config) => {
    const codes = new Set<ExitCode>();
    const failures: object[] = [];
    const failed = async (company: string | null, caught: unknown): Promise<void> => {
      const error = explained(caught);
      codes.add(exitCodeOf(error));
      failures.push({ company, ...toErrorJson(error) });
      await messages.write(`${company === null ? '' : `company ${company}: `}${toMessage(error, world.env)}`);
    };
    const wrong: BilagError[] = [];
    const { changes, ledgers } = await discover(
      config.companies((error) => wrong.push(error)),
      { store, surroundings: surroundingsOf(session), onFailure: async ({ id }, error) => failed(id, error) },
    );
    for (const error of wrong) await failed(null, error);
    session.progress.clear();
    const open = await store.changes({ isOpen: true });
    if (json) await out.json({ ledgers, changes, toConfirm: open, failures });
    else {
      await out.line(`${counted(ledgers, 'ledger')} seen; ${counted(changes.length, 'change')} since the last look`);
      if (changes.length > 0) await out.write(changeTable(changes));
      if (open.length > 0) {
        await out.write(`\nnothing is delivered of these before a person has confirmed them:\n${changeTable(open)}`);
        await out.line('ask the merchant by a number you know; then bilag discover --confirm LEDGER');
      }
    }
    return worstOf([...codes, open.length > 0 ? exitCodes.person : exitCodes.done]);
  });
}

async function confirm(session: Session, options: DiscoverOptions): Promise<ExitCode> {
  const { out, json, world } = session;
  const { confirm: ledgerId = '', by = world.env['USER'] ?? world.env['USERNAME'] ?? 'somebody' } = options;
  return withOffice(session, options, async (store) => {
    const confirmed = await store.confirm(ledgerId, { by, at: world.now().getTime() });
    if (confirmed.length === 0) {
      throw new BilagError('not-found', {
        what: 'nothing of this ledger waits for anybody',
        where: `--confirm, ${store.where}`,
        action: 'bilag discover lists what does; nothing was changed',
      });
    }
    if (json) await out.json({ confirmed });
    else await out.write(`confirmed by ${by}:\n${changeTable(confirmed)}`);
    return exitCodes.done;
  });
}
