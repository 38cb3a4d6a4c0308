import { isPlainDate, type PlainDate } from '@bilag/core';
import { jsonReply, type ServerReply, type ServerRequest } from '@bilag/fault-server';
import { DateWalk } from '../ledger/date-walk.ts';
import type { MerchantDate } from '../ledger/ledger-dates.ts';
import type { Merchant } from '../merchant/merchant.ts';
import { salesOf, type TillOptions, type TillSale } from '../ledger/till.ts';
import { cursorPosition, cursorText } from './cursors.ts';
import { errorReply, invalidInput } from './vipps-replies.ts';

const mostPerPage = 1000;

/** The Sales API: what was sold, by date and by reference. Nothing here is in the ledger's own reports. */
export class SalesApi {
  readonly #till: TillOptions;
  readonly #now: () => string;
  readonly #dates = new Map<string, DateWalk<MerchantDate>>();

  constructor(till: TillOptions, now: () => string) {
    this.#till = till;
    this.#now = now;
  }

  answer({ path, query }: ServerRequest, find: (ledgerId: string) => Merchant | undefined): ServerReply {
    const [, ledgerId = '', kind, key = ''] =
      /^\/sales\/report\/v1\/ledgers\/([^/]+)\/(dates|references|psp-references)\/([^/]+)$/.exec(path) ?? [];
    const merchant = find(ledgerId);
    if (merchant === undefined || kind === undefined) return errorReply(404, path);
    if (kind !== 'dates') {
      const name = kind === 'references' ? 'reference' : 'pspReference';
      const items = [...this.#all(merchant)].filter((sale) => sale[name] === decodeURIComponent(key));
      return jsonReply(200, { items });
    }
    if (!isPlainDate(key)) return invalidInput();
    const scope = `${ledgerId}/sales/${key}`;
    const cursor = query.get('cursor');
    const offset = cursor === null ? 0 : cursorPosition<number>(scope, cursor);
    if (offset === undefined) return invalidInput();
    const all = this.#on(merchant, key);
    const items = all.slice(offset, offset + Math.min(Number(query.get('pageSize') ?? 100), mostPerPage));
    const end = offset + items.length;
    const hasMore = end < all.length;
    return jsonReply(200, { ...(hasMore && { cursor: cursorText(scope, end) }), hasMore, items });
  }

  *#all(merchant: Merchant): Generator<TillSale> {
    for (const date of merchant.dates()) yield* this.#visible(salesOf(date, this.#till));
  }

  #on(merchant: Merchant, date: PlainDate): readonly TillSale[] {
    const walk =
      this.#dates.get(merchant.ledgerId) ??
      new DateWalk(
        () => merchant.dates(),
        ({ funds, fees }) => funds.length + fees.length,
      );
    this.#dates.set(merchant.ledgerId, walk);
    const found = walk.on(date);
    return found === undefined ? [] : this.#visible(salesOf(found, this.#till));
  }

  #visible(sales: readonly TillSale[]): readonly TillSale[] {
    const now = this.#now();
    return sales.filter(({ time }) => time <= now);
  }
}
