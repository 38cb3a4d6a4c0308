import { OpenCompany, type Company, type Surroundings } from '@bilag/company';
import { BilagError, quotedName } from '@bilag/core';
import type { OfficeStore } from '@bilag/office';
import { SharedLog } from './shared-log.ts';
import type { Office } from './view.ts';

/** Out of what an office to look at is made. */
export interface OfficeParts {
  readonly companies: Iterable<Company>;
  readonly wrong?: readonly BilagError[];
  readonly store?: OfficeStore | undefined;
  readonly surroundings: Surroundings;
}

/** The companies of a config, to be looked at. Each is opened for a piece of work: another process may be at work on it. */
export function officeOf({ companies, wrong = [], store, surroundings }: OfficeParts): Office {
  const byId = new Map([...companies].map((company) => [company.id, company]));
  return {
    companies: byId,
    wrong,
    store,
    now: surroundings.now,
    signal: surroundings.signal,
    with: async (companyId, work, { acts = false } = {}) => {
      const company = byId.get(companyId);
      if (company === undefined) throw noCompany(companyId);
      await using log = new SharedLog(company);
      await using open = new OpenCompany(acts ? company : log.company, surroundings);
      return await work(open);
    },
  };
}

function noCompany(id: string): BilagError {
  return new BilagError('not-found', {
    what: `there is no company ${quotedName(id)}`,
    where: 'the config',
    action: 'choose one from the overview',
  });
}
