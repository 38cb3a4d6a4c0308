import { isBilagError, type Voucher } from '@bilag/core';
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
  #accounts: Promise<readonly LedgerAccount[]> | undefined;
  #vatCodes: Promise<readonly VatCode[]> | undefined;
  #departments: Promise<readonly DimensionValue[]> | undefined;
  #projects: Promise<readonly DimensionValue[]> | undefined;

  constructor(client: PowerOfficeClient) {
    this.#client = client;
  }

  /** Everything, or all but the dimensions where none is asked for. */
  async entries(dimensions: ReadonlySet<string> = allDimensions): Promise<RegisterEntries> {
    try {
      return {
        accounts: await (this.#accounts ??= this.#client.readAll(ledgerAccount, '/GeneralLedgerAccounts')),
        vatCodes: await (this.#vatCodes ??= this.#client.readAll(vatCode, '/VatCodes')),
        departments: dimensions.has('department') ? await (this.#departments ??= this.#dimension('/Departments')) : [],
        projects: dimensions.has('project') ? await (this.#projects ??= this.#dimension('/Projects')) : [],
      };
    } catch (error) {
      // What failed once is asked for again the next time.
      this.forget();
      throw error;
    }
  }

  /** Reads everything anew the next time: something may have been added since. */
  forget(): void {
    this.#accounts = undefined;
    this.#vatCodes = undefined;
    this.#departments = undefined;
    this.#projects = undefined;
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
