import { isBilagError } from '@bilag/core';
import type { Act, OfficeStore } from '@bilag/office';
import type { Office } from '../view.ts';
import type { Done } from '../actions/action.ts';

/** What is to be done, and in whose words it is written down. */
export interface Work {
  readonly companyId: string;
  readonly kind: string;
  readonly what: string;
  readonly by: string;
  readonly do: () => Promise<Done>;
  /** Said where the program is stopped meanwhile. */
  readonly interrupted: string;
}

/** Does what visitors ask for, writes it down before and after, and goes on when the visitor has left. */
export class Acting {
  readonly #office: Office;
  readonly #onFault: (fault: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(office: Office, onFault: (fault: unknown) => void) {
    this.#office = office;
    this.#onFault = onFault;
  }

  /** Begins it; resolves when it has ended, or after `patienceMs` when it has not. */
  async begin(store: OfficeStore, work: Work, patienceMs: number): Promise<Act> {
    const { companyId, kind, what, by } = work;
    const act = await store.beginAct({ companyId, kind, what, by, at: this.#office.now().getTime() });
    const running = this.#finish(store, act, work);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    return act;
  }

  /** When everything that was begun has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #finish(store: OfficeStore, { id }: Act, work: Work): Promise<void> {
    try {
      const { how, isDone } = await this.#ended(work);
      await store.endAct(id, { at: this.#office.now().getTime(), how, isDone });
    } catch (fault) {
      this.#onFault(fault);
    }
  }

  /** What was refused is told as it is on the command line. */
  async #ended({ do: act, interrupted }: Work): Promise<Done> {
    try {
      return await act();
    } catch (error) {
      if (isBilagError(error)) return { how: `${error.what} (${error.where}); ${error.action}`, isDone: false };
      if (!this.#office.signal.aborted) this.#onFault(error);
      return { how: interrupted, isDone: false };
    }
  }
}
