import type { CredentialStore } from '@bilag/core';
import type { DeliveryWait } from '@bilag/engine';

/** Everything that work for a company may take from outside itself. */
export interface Surroundings {
  /** Where `env:NAME` finds its keys. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In place of the environment and the encrypted file: a vault of the program's own. */
  readonly credentials?: CredentialStore;
  readonly now: () => Date;
  /** Waits, and rejects with the signal's reason when aborted; by default on the clock on the wall. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Stops the work: what was there before stays, or what is new is whole. */
  readonly signal: AbortSignal;
  /** The program that asks, for providers that want to know; default `bilag-company`. */
  readonly program?: { readonly name: string; readonly version: string };
  /** Told when a failed request to a provider will be tried again, and after how long. */
  readonly onRetry?: (waitMs: number) => void;
  /** Told why nothing seems to happen: another process delivers, or a target may not show yet what others wrote. */
  readonly onWait?: (wait: DeliveryWait) => void;
}
