import type { Company, CompanyStores } from '@bilag/company';
import type { DeliveryStore } from '@bilag/engine';

/**
 * The delivery log of a company that is looked at: opened once for everything that a page asks of it, for reading alone, and closed
 * with the page. Held while nobody looks, it would keep what a night writes beside its file, where a copy of the file misses it, and
 * a log that is restored in its place would not be seen.
 */
export class SharedLog implements AsyncDisposable {
  readonly company: Company;
  #opened: Promise<DeliveryStore> | undefined;

  /** `company` is the same, whose log is opened once. */
  constructor(company: Company) {
    const { stores } = company;
    const openDeliveries: CompanyStores['openDeliveries'] = async (asked, options) => {
      if (options.create) return stores.openDeliveries(asked, options);
      this.#opened ??= stores.openDeliveries(asked, { create: false, onlyReads: true });
      return withOwn(await this.#opened, { close: async () => undefined });
    };
    this.company = { ...company, stores: withOwn(stores, { openDeliveries }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const store = await this.#opened?.catch(() => undefined);
    await store?.close();
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
