import { isBilagError, type Voucher } from '@bilag/core';
import { Remembered } from '@bilag/http';
import type { PowerOfficeClient } from './client.ts';
import {
  dimensionValue,
  ledgerAccount,
  vatCode,
  type DimensionValue,
  type LedgerAccount,
  type VatCode,
} from './replies.ts';

/** What people know by numbers and codes, and requests by ids. */
export interface RegisterEntries {
  readonly accounts: readonly LedgerAccount[];
  readonly vatCodes: readonly VatCode[];
  readonly departments: readonly DimensionValue[];
  readonly projects: readonly DimensionValue[];
}

/** The client's registers, read when they are first needed and kept for the connection. */
export class Registers {
  readonly #client: PowerOfficeClient;
  readonly #accounts: Remembered<readonly LedgerAccount[]>;
  readonly #vatCodes: Remembered<readonly VatCode[]>;
  readonly #departments: Remembered<readonly DimensionValue[]>;
  readonly #projects: Remembered<readonly DimensionValue[]>;

  constructor(client: PowerOfficeClient) {
    this.#client = client;
    this.#accounts = new Remembered(() => client.readAll(ledgerAccount, '/GeneralLedgerAccounts'));
    this.#vatCodes = new Remembered(() => client.readAll(vatCode, '/VatCodes'));
    this.#departments = new Remembered(() => this.#dimension('/Departments'));
    this.#projects = new Remembered(() => this.#dimension('/Projects'));
  }

  /** Everything, or all but the dimensions where none is asked for. */
  async entries(dimensions: ReadonlySet<string> = allDimensions): Promise<RegisterEntries> {
    return {
      accounts: await this.#accounts.get(),
      vatCodes: await this.#vatCodes.get(),
      departments: dimensions.has('department') ? await this.#departments.get() : [],
      projects: dimensions.has('project') ? await this.#projects.get() : [],
    };
  }

  /** Reads everything anew the next time: something may have been added since. */
  forget(): void {
    for (const register of [this.#accounts, this.#vatCodes, this.#departments, this.#projects]) register.forget();
  }

  /** A client without the module, or an integration without the right, has none to post to. */
  async #dimension(path: string): Promise<readonly DimensionValue[]> {
    try {
      return await this.#client.readAll(dimensionValue, path);
    } catch (error) {
      if (isBilagError(error) && error.kind === 'forbidden') return [];
      throw error;
    }
  }
}

const allDimensions: ReadonlySet<string> = new Set(['department', 'project']);

/** The dimensions that a voucher's lines name. */
export function dimensionsOf(voucher: Pick<Voucher, 'lines'>): ReadonlySet<string> {
  return new Set(voucher.lines.flatMap(({ dimensions = {} }) => Object.keys(dimensions)));
}
