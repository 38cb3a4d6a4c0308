import { settingMarks, type Company } from '@bilag/company';
import { named, type AccountRole, type PolicyVersion } from '@bilag/core';
import type { CompanyState } from '@bilag/office';
import type { Office } from '../view.ts';
import { namesOfAccounts } from './deliveries.ts';
import { beforeId } from './overview.ts';

/** What one version of the rules says, as a person reads it. */
export interface ShownRules {
  readonly version: PolicyVersion;
  readonly accounts: readonly { readonly number: string; readonly name: string }[];
  readonly treatments: readonly (PolicyVersion['vat'][string] & { readonly name: string })[];
  /** What is not as in the version before: the names of the fields; undefined for the first. */
  readonly changed: readonly string[] | undefined;
}

export interface Settings {
  readonly company: Company;
  /** The last version first. */
  readonly rules: readonly ShownRules[];
  readonly targets: readonly { readonly name: string; readonly adapter: string }[];
  /** The last night that worked by some settings, and those that are others now; undefined before there was one. */
  readonly since: { readonly at: number; readonly changed: readonly string[] } | undefined;
}

/** What a company is booked by. No key and no secret is in it: a config only says where keys are. */
export async function settingsOf(company: Company, { store }: Office): Promise<Settings> {
  const { policy, targets } = company;
  const nameOf = namesOfAccounts(company);
  const rules = policy.versions.map((version, index): ShownRules => {
    const before = policy.versions[index - 1];
    const roles = Object.entries(version.accounts) as [AccountRole, string][];
    const accounts = roles.map(([role, number]) => ({ number, name: nameOf(number, role) }));
    return {
      version,
      accounts: accounts.toSorted((a, b) => (a.number < b.number ? -1 : 1)),
      treatments: Object.entries(version.vat).map(([name, treatment]) => ({ name, ...treatment })),
      changed: before === undefined ? undefined : changedFields(before, version),
    };
  });
  return {
    company,
    since: await changedSince(company, store),
    rules: rules.toReversed(),
    targets: Object.entries(targets).map(([name, { adapter }]) => ({
      name,
      adapter: typeof adapter === 'string' ? adapter : adapter.title,
    })),
  };
}

async function changedSince(company: Company, store: Office['store']): Promise<Settings['since']> {
  let last: CompanyState | undefined;
  for await (const state of store?.companies({ after: beforeId(company.id) }) ?? []) {
    if (state.companyId > company.id) break;
    if (state.companyId === company.id && state.at >= (last?.at ?? 0)) last = state;
  }
  if (last?.settings === undefined) return undefined;
  const [before, now] = [last.settings, settingMarks(company)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return { at: last.at, changed: names.filter((name) => named(before, name) !== named(now, name)) };
}

function changedFields(before: PolicyVersion, after: PolicyVersion): readonly string[] {
  const fields = Object.keys({ ...before, ...after }) as (keyof PolicyVersion)[];
  return fields.filter((name) => name !== 'from' && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
