import { parsePeriod, type OpenCompany, type Period, type Proof } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';

/** The month of a page, and those around it that there is something of. */
export interface ChosenMonth {
  /** `2026-07`. */
  readonly name: string;
  /** From the cut-over on where that is later, and to the last date that was read where that is earlier. */
  readonly period: Period;
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/**
 * The month that an address names, else the last one there is something of. Throws `config` for what is no month, and for one before
 * the books begin; `not-found` where nothing was read yet.
 */
export async function chosenMonth(open: OpenCompany, parameters: URLSearchParams): Promise<ChosenMonth> {
  const { company } = open;
  const cutOver = company.policy.versions[0].from;
  const last = (await open.dates()).last;
  if (last === undefined) {
    throw new BilagError('not-found', {
      what: 'nothing of this company was read yet',
      where: `company ${company.id}`,
      action: 'run bilag fetch, or bilag import with the files of the provider, first',
    });
  }
  const [first, latest] = [cutOver.slice(0, 7), (last < cutOver ? cutOver : last).slice(0, 7)];
  const name = parameters.get('month') ?? latest;
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/.test(name) || name < first) {
    throw new BilagError('config', {
      what: /^\d{4}-\d{2}$/.test(name) ? `the books begin in ${first}` : `${quotedName(name)} is no month`,
      where: `the address, month`,
      action: `choose a month from ${first} to ${latest}, written like that`,
    });
  }
  const whole = parsePeriod(name);
  return {
    name,
    period: {
      from: whole.from < cutOver ? cutOver : whole.from,
      to: last < whole.to && last >= whole.from ? last : whole.to,
    },
    previous: name > first ? monthBeside(name, -1) : undefined,
    next: name < latest ? monthBeside(name, 1) : undefined,
  };
}

function monthBeside(name: string, step: 1 | -1): string {
  const count = Number(name.slice(0, 4)) * 12 + Number(name.slice(5)) - 1 + step;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** A month, and its proof from the ledger to the bank. */
export interface ProvedMonth {
  readonly month: ChosenMonth;
  readonly proof: Proof;
}

/** Proves a month. Offline: what the targets hold is read back by verify, whose findings stand in the queue. */
export async function monthProof(open: OpenCompany, parameters: URLSearchParams): Promise<ProvedMonth> {
  const month = await chosenMonth(open, parameters);
  return { month, proof: await open.prove({ period: month.period }) };
}
