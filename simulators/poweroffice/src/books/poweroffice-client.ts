import { PowerOfficeBooks } from './poweroffice-books.ts';
import {
  defaultPowerOfficeAccounts,
  type PowerOfficeAccountOptions,
  type PowerOfficeClientOptions,
  type PowerOfficePrivilege,
} from '../poweroffice-options.ts';
import { PowerOfficeRefusal } from '../poweroffice-replies.ts';
import { powerOfficeVatCodes, type PowerOfficeVatCode } from './poweroffice-vat.ts';

/** Something people know by a code and requests by an id. */
export interface Coded {
  readonly id: number;
  readonly code: string;
  readonly name: string;
}

export type HeldLedgerAccount = PowerOfficeAccountOptions & { readonly id: number };

/** One client: its registers, its books, and what the integration may do there. */
export class PowerOfficeClient {
  readonly options: PowerOfficeClientOptions;
  readonly id: string;
  readonly accounts: readonly HeldLedgerAccount[];
  readonly departments: readonly Coded[];
  readonly projects: readonly Coded[];
  readonly books: PowerOfficeBooks;
  readonly withheld: Set<PowerOfficePrivilege>;

  constructor(options: PowerOfficeClientOptions, now: () => number) {
    const { number } = options;
    this.options = options;
    this.id = `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`;
    const accounts = new Map(
      [...defaultPowerOfficeAccounts, ...(options.accounts ?? [])].map((one) => [one.number, one]),
    );
    // Ids are the client's own: one of another client is unknown here, and a number is never an id.
    const base = 40_000_000 + number * 10_000;
    this.accounts = [...accounts.values()].map((one, index) => ({ ...one, id: base + 7 * index + 3 }));
    this.departments = coded(options.departments, base + 7001);
    this.projects = coded(options.projects, base + 8001);
    this.books = new PowerOfficeBooks(options, now);
    this.withheld = new Set(options.withoutPrivileges);
  }

  account(number: string): HeldLedgerAccount | undefined {
    return this.accounts.find((one) => one.number === number);
  }

  vatCode(code: string): PowerOfficeVatCode | undefined {
    return powerOfficeVatCodes.find((one) => one.code === code);
  }

  ask(privilege: PowerOfficePrivilege): void {
    if (this.withheld.has(privilege)) {
      throw new PowerOfficeRefusal(403, `The integration does not have the privilege ${privilege}.`);
    }
  }
}

function coded(names: Readonly<Record<string, string>> = {}, firstId: number): Coded[] {
  return Object.entries(names).map(([code, name], index) => ({ id: firstId + index, code, name }));
}
