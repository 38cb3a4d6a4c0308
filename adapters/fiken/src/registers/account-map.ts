import { BilagError } from '@bilag/core';

/** Accounts of the policy and of Fiken, both ways. */
export class AccountMap {
  readonly #toFiken: ReadonlyMap<string, string>;
  readonly #toPolicy: ReadonlyMap<string, string>;

  constructor(accounts: Readonly<Record<string, string>>) {
    const pairs = Object.entries(accounts);
    this.#toFiken = new Map(pairs);
    this.#toPolicy = new Map(pairs.map(([policy, fiken]) => [fiken, policy]));
  }

  /** Throws `config` where two accounts of the policy would meet on one in Fiken, or Fiken would refuse it. */
  toFiken(account: string): string {
    const mapped = this.#toFiken.get(account);
    if (mapped !== undefined) return mapped;
    const other = this.#toPolicy.get(account);
    if (other !== undefined) {
      throw new BilagError('config', {
        what: `account ${account} of the policy is the account in Fiken that ${other} goes to`,
        where: 'target.accounts',
        action: `give ${account} an account of its own in Fiken`,
      });
    }
    if (account === '1920' || !/^\d{4}(?::\d{5})?$/.test(account)) {
      throw new BilagError('config', {
        what: `Fiken has no account ${account} to post on`,
        where: 'target.accounts',
        action: 'name the account in Fiken; banks and payment services are sub-accounts such as 1920:10001',
      });
    }
    return account;
  }

  /** Whether nothing is ever posted on this account of Fiken: the policy's account of that number is another one there. */
  isHidden(account: string): boolean {
    const mapped = this.#toFiken.get(account);
    return mapped !== undefined && mapped !== account && !this.#toPolicy.has(account);
  }

  toPolicy(account: string): string {
    return this.#toPolicy.get(account) ?? account;
  }
}
