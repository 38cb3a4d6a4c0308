import { isBilagError, type PlainDate, type ServiceAccount, type ServiceChart } from '@bilag/core';
import { Remembered } from '@bilag/http';
import type { FortnoxClient } from './client.ts';
import {
  accountsReply,
  costCentersReply,
  lockReply,
  projectsReply,
  yearsReply,
  type AccountReply,
  type YearReply,
} from './replies.ts';

/** What vouchers are checked against. */
export interface RegisterEntries {
  readonly accounts: ReadonlyMap<string, AccountReply>;
  /** Oldest first. */
  readonly years: readonly YearReply[];
  /** Code → name. Cost centres are the policy's departments. */
  readonly departments: ReadonlyMap<string, string>;
  readonly projects: ReadonlyMap<string, string>;
}

/** The company's registers. */
export class Registers {
  readonly #client: FortnoxClient;
  readonly entries: Remembered<RegisterEntries> = new Remembered(() => this.#read());

  constructor(client: FortnoxClient) {
    this.#client = client;
  }

  /** The last locked date, as it is now. */
  async lockedThrough(): Promise<PlainDate | undefined> {
    return (await this.#client.read(lockReply, '/settings/lockedperiod')).LockedPeriod.EndDate;
  }

  async #read(): Promise<RegisterEntries> {
    const accounts = await this.#client.readAll(accountsReply, '/accounts');
    const years = await this.#client.readAll(yearsReply, '/financialyears');
    const costCenters = await orNone(this.#client.readAll(costCentersReply, '/costcenters'));
    const projects = await orNone(this.#client.readAll(projectsReply, '/projects'));
    return {
      accounts: new Map(accounts.map((one) => [one.Number, one])),
      years: years.toSorted((a, b) => (a.FromDate < b.FromDate ? -1 : 1)),
      departments: new Map(costCenters.map(({ Code, Description }) => [Code, Description])),
      projects: new Map(projects.map(({ ProjectNumber, Description }) => [ProjectNumber, Description])),
    };
  }
}

/** A company without the licence, or an application without the scope, has none to post to. */
async function orNone<Item>(work: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await work;
  } catch (error) {
    if (isBilagError(error) && error.kind === 'forbidden') return [];
    throw error;
  }
}

/** What the company's books offer. Its rows have no VAT codes. */
export function toChart(entries: RegisterEntries, lockedThrough: PlainDate | undefined): ServiceChart {
  const { accounts, departments, projects } = entries;
  return {
    accounts: [...accounts.values()].map(toServiceAccount),
    vatCodes: [],
    dimensions: [
      ...[...departments].map(([id, name]) => ({ type: 'department', id, name })),
      ...[...projects].map(([id, name]) => ({ type: 'project', id, name })),
    ],
    ...(lockedThrough === undefined ? {} : { lockedThrough }),
  };
}

function toServiceAccount({
  Number: number,
  Description,
  Active,
  CostCenterSettings,
  ProjectSettings,
}: AccountReply): ServiceAccount {
  const requires = [
    ...(CostCenterSettings === 'MANDATORY' ? ['department'] : []),
    ...(ProjectSettings === 'MANDATORY' ? ['project'] : []),
  ];
  return { number, name: Description, isActive: Active !== false, ...(requires.length > 0 && { requires }) };
}
