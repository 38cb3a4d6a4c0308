import { OpenCompany, type Company, type Surroundings } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import { SharedLog } from './shared-log.ts';
import type { Office } from './view.ts';

/** The companies of a config. */
export interface ConfiguredCompanies {
  readonly companies: Iterable<Company>;
  /** Those that are wrong there. */
  readonly wrong?: readonly BilagError[];
}

/** Out of what an office to look at is made. */
export interface OfficeParts extends ConfiguredCompanies {
  /** Asked before each page: what the config says now, where that has changed. */
  readonly changed?: () => Promise<ConfiguredCompanies | undefined>;
  readonly store?: OfficeStore | undefined;
  readonly surroundings: Surroundings;
}

/** The companies of a config, to be looked at. Each is opened for a piece of work: another process may be at work on it. */
export function officeOf({ store, surroundings, changed, ...configured }: OfficeParts): Office {
  let { companies, wrong } = byId(configured);
  return {
    get companies() {
      return companies;
    },
    get wrong() {
      return wrong;
    },
    refresh: async () => {
      const now = await changed?.();
      if (now !== undefined) ({ companies, wrong } = byId(now));
    },
    store,
    now: surroundings.now,
    signal: surroundings.signal,
    with: async (companyId, work, { acts = false } = {}) => {
      const company = companies.get(companyId);
      if (company === undefined) throw noCompany(companyId);
      await using log = new SharedLog(company);
      await using open = new OpenCompany(acts ? company : log.company, surroundings);
      return await work(open);
    },
  };
}

function byId({ companies, wrong = [] }: ConfiguredCompanies): Pick<Office, 'companies' | 'wrong'> {
  return { companies: new Map([...companies].map((company) => [company.id, company])), wrong };
}

function noCompany(id: string): BilagError {
  return new BilagError('not-found', {
    what: `there is no company ${quotedName(id)}`,
    where: 'the config',
    action: 'choose one from the overview',
  });
}
