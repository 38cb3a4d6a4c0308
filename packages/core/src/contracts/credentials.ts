/** The secrets of one connection, by name: `clientSecret`, `refreshToken`. They never reach a log, an error or a file of ours. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * Where secrets are. A config refers to them (`env:VIPPS`, `file:fiken-1`) and never holds them. A store that can only be
 * read has neither `put` nor `exclusively`.
 */
export interface CredentialStore {
  /** Throws `config` when there is nothing under the reference. */
  get(reference: string): Promise<Secrets>;
  /** Replaces what is under the reference, durably, before it resolves. */
  put?(reference: string, secrets: Secrets): Promise<void>;
  /** Runs work while no other process refreshes the same secrets: a refresh token may be used once. */
  exclusively?<Result>(reference: string, work: () => Promise<Result>): Promise<Result>;
}
