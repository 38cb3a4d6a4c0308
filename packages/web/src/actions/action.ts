import { connectedTargets, type OpenCompany, type OpenTarget } from '@bilag/company';
import { BilagError, type Amount } from '@bilag/core';
import type { ActionName, Html, PageContext } from '../view.ts';

/** What is about to be done, for the person who decides. */
export interface Proposal {
  /** For the log: which voucher, line or plan. No names of customers. */
  readonly what: string;
  /** What there is now, and what it would become. */
  readonly shown: Html;
  /** What the person chooses, if anything; undefined where there is nothing to do. */
  readonly fields: Html | '' | undefined;
  /** What is shown, as one text: what is done is what was shown, and nothing else. */
  readonly seen: string;
  /** The amount that has to be typed before money moves in the books. */
  readonly amount?: Amount;
}

/** What stands in an address or in a form, by name; what is absent is empty. */
export type Fields = (name: string) => string;

/** How it ended. */
export interface Done {
  /** For the log, in the language of the person. */
  readonly how: string;
  readonly isDone: boolean;
}

/** Something that a person does on a page, by the same functions as the command line. */
export interface Action {
  readonly name: ActionName;
  /** Reads, and changes nothing. */
  propose(open: OpenCompany, asked: Fields, context: PageContext): Promise<Proposal>;
  /** Throws where the choices are not clear, before anything is begun; gives what does it. */
  decide(
    choices: Fields,
    asked: Fields,
    context: PageContext,
  ): (open: OpenCompany, proposal: Proposal) => Promise<Done>;
}

/** The target that the company is connected to. Throws `config` where there is none. */
export async function connectedTarget(open: OpenCompany): Promise<OpenTarget> {
  const [name] = await connectedTargets(open.company);
  if (name !== undefined) return open.target(name);
  throw new BilagError('config', {
    what: 'the company is connected to no target yet',
    where: `company ${open.company.id}`,
    action: 'run bilag connect first; nothing was changed',
  });
}

/** A choice that is not clear. */
export function unclear(what: string, where: string): BilagError {
  return new BilagError('config', { what, where, action: 'go back and choose again; nothing was changed' });
}
