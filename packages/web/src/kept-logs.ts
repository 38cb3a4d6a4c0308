import { statSync } from 'node:fs';
import type { Company, CompanyStores } from '@bilag/company';
import type { DeliveryStore } from '@bilag/engine';

interface KeptLog {
  readonly store: DeliveryStore;
  /** Which file it is: one that takes its place is another. */
  readonly file: number;
  users: number;
}

/** So many logs stay open when nobody reads them. */
const mostIdle = 16;

/**
 * Delivery logs that stay open between two pages. Opening one reads all of it, to see that it is whole: right before anything is
 * sent, and too much for each page that is looked at. For reading alone: whoever acts opens the log anew.
 */
export class KeptLogs {
  readonly #logs = new Map<string, KeptLog>();

  /** The same company, whose log is opened once. */
  of(company: Company): Company {
    const { stores } = company;
    const openDeliveries: CompanyStores['openDeliveries'] = async (asked, options) => {
      const place = stores.placesOf(asked).delivery;
      const file = statSync(place, { throwIfNoEntry: false })?.ino;
      // What is no file is shared already.
      if (file === undefined || options.create) return stores.openDeliveries(asked, options);
      let log = this.#logs.get(place);
      if (log?.file !== file) {
        log = { store: await stores.openDeliveries(asked, options), file, users: 0 };
        this.#logs.set(place, log);
      }
      return this.#lend(log);
    };
    return { ...company, stores: withOwn(stores, { openDeliveries }) };
  }

  async close(): Promise<void> {
    for (const [place, { store }] of this.#logs) {
      this.#logs.delete(place);
      await store.close();
    }
  }

  /** Closing what was lent gives it back. */
  #lend(log: KeptLog): DeliveryStore {
    log.users += 1;
    let isBack = false;
    const giveBack = async (): Promise<void> => {
      if (isBack) return;
      isBack = true;
      log.users -= 1;
      await this.#closeIdle(log);
    };
    return withOwn(log.store, { close: giveBack });
  }

  /** The one that was opened first goes first; one whose file is gone goes when nobody reads it. */
  async #closeIdle(last: KeptLog): Promise<void> {
    const isKept = [...this.#logs.values()].includes(last);
    if (!isKept && last.users === 0) await last.store.close();
    const idle = [...this.#logs].filter(([, { users }]) => users === 0);
    for (const [place, { store }] of idle.slice(0, Math.max(idle.length - mostIdle, 0))) {
      this.#logs.delete(place);
      await store.close();
    }
  }
}

/** The same object, but for some of its methods; the others are called on the object itself, which may have parts of its own. */
function withOwn<Held extends object>(held: Held, own: Partial<Held>): Held {
  return new Proxy(held, {
    get: (target, name) => {
      if (name in own) return Reflect.get(own, name) as unknown;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
