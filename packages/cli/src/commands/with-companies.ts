import { type Company, OpenCompany, SourceConnections } from '@bilag/company';
import { loadConfig } from '../config.ts';
import { BilagError, plainDate, quotedName, refuseFarLock } from '@bilag/core';
import type { Command } from 'commander';
import { exitCodeOf } from '../program/exit-code-of.ts';
import { worstOf, type ExitCode } from '../program/exit-codes.ts';
import { explained } from '../output/explained.ts';
import { toErrorJson, toMessage } from '../output/messages.ts';
import { surroundingsOf, type Session } from '../session.ts';

/** Which companies a command is for. */
export interface CompanyOptions {
  readonly config?: string;
  readonly company?: string;
}

export function addCompanyOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the config (default: bilag.config.ts, .js, .mjs or .json here)')
    .option('--company <id>', 'this company alone');
}

/** What a command did for a company: for `--json`, and how it ended. */
export interface CompanyResult {
  readonly code: ExitCode;
  /** Absent where the work has written its part of the document itself. */
  readonly json?: object;
}

/**
 * Does a command's work for each company of the config, one after the other, and closes what was opened for it. One company's failure is told and does not
 * keep the others from their turn; a wrong config does.
 */
export async function withCompanies(session: Session, options: CompanyOptions, work: CompanyWork): Promise<ExitCode> {
  const surroundings = surroundingsOf(session);
  // Companies with the same keys share a connection.
  const connections = new SourceConnections(surroundings);
  try {
    return await eachCompany(session, options, async (company, item) => {
      const open = new OpenCompany(company, surroundings, connections);
      try {
        return await work(open, item);
      } finally {
        await open.close();
      }
    });
  } finally {
    await connections.close();
  }
}

/** The same for a command that is for one company alone: among several it has to be named. */
export async function withOneCompany(
  session: Session,
  options: CompanyOptions,
  action: string,
  work: CompanyWork,
): Promise<ExitCode> {
  return withCompanies(session, options, async (open, item) => {
    if (item.isAlone) return work(open, item);
    throw new BilagError('config', { what: 'the config has several companies', where: '--company', action });
  });
}

interface Item {
  readonly isAlone: boolean;
  /** Begins the company's part of the document of `--json`, for work that writes it by itself. */
  readonly begin: () => Promise<void>;
}

type CompanyWork = (open: OpenCompany, item: Item) => Promise<CompanyResult>;

async function eachCompany(
  { world, out, messages, progress, json }: Session,
  options: CompanyOptions,
  work: (company: Company, item: Item) => Promise<CompanyResult>,
): Promise<ExitCode> {
  const config = await loadConfig({ cwd: world.cwd, file: options.config, env: world.env });
  const today = plainDate(world.now().toISOString().slice(0, 10));
  const isAlone = config.isSingle || options.company !== undefined;
  const codes = new Set<ExitCode>();
  let count = 0;
  let begun = 0;
  const begin = async (): Promise<void> => out.write(begun++ === 0 ? '{"companies":[\n' : ',\n');
  for await (const company of config.companies()) {
    if (options.company !== undefined && company.id !== options.company) continue;
    world.signal.throwIfAborted();
    let result: CompanyResult;
    try {
      refuseFarLock(company.policy.lockedThrough, today, `${config.file}, company ${company.id}, policy.lockedThrough`);
      result = await work(company, { isAlone, begin });
    } catch (caught) {
      const error = explained(caught);
      // A part of the document that has begun cannot be taken back.
      if (isAlone || world.signal.aborted || begun > count) throw error;
      progress.clear();
      await messages.write(`company ${company.id}: ${toMessage(error, world.env)}`);
      result = { code: exitCodeOf(error), json: { company: company.id, ...toErrorJson(error) } };
    }
    progress.clear();
    codes.add(result.code);
    if (json && result.json !== undefined) {
      await begin();
      await out.write(JSON.stringify(result.json));
    }
    count += 1;
    if (options.company !== undefined) break;
  }
  if (count === 0) throw noCompany(options, config.file);
  if (json) await out.write('\n]}\n');
  return worstOf(codes);
}

function noCompany({ company }: CompanyOptions, file: string): BilagError {
  return new BilagError('config', {
    what: company === undefined ? 'the config has no company' : `the config has no company ${quotedName(company)}`,
    where: file,
    action: 'look at the ids in the config; nothing was done',
  });
}
