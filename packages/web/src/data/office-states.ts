import type { CompanyState } from '@bilag/office';
import type { Office } from '../view.ts';

/** How a company of the config stands. */
export interface StandingCompany {
  readonly id: string;
  readonly name: string;
  readonly organisationNumber: string;
  /** How its last night ended; undefined before its first. */
  readonly state: CompanyState | undefined;
}

/** Every company with how its last night ended, in the order of the config. */
export async function officeStates(office: Office): Promise<readonly StandingCompany[]> {
  const states = new Map<string, CompanyState>();
  for await (const state of office.store?.companies() ?? []) states.set(state.companyId, state);
  return [...office.companies.values()].map(({ id, name, organisationNumber }) => {
    return { id, name, organisationNumber, state: states.get(id) };
  });
}
