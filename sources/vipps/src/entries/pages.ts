import { BilagError } from '@bilag/core';
import { parseJsonBytes } from '@bilag/http';
import { z } from 'zod';
import { checked } from './checked.ts';

/** A page of a date, understood. */
export interface DatesPage {
  /** Items as received, not yet checked. */
  readonly items: readonly unknown[];
  /** Where the next page begins; null when there is none. An empty page may follow. */
  readonly next: string | null;
  /** Whether the date may still change, even if items were returned. */
  readonly open: boolean;
}

/**
 * Reads a page of `…/dates/{ledgerDate}`. Only `hasMore` says that more follows, never the number of items. Replies from
 * before November 2023 have no `hasMore`: there an empty cursor is the end.
 */
export function parseDatesPage(body: Uint8Array, where: string): DatesPage {
  const parsed = parseJsonBytes(body, { where, kind: 'unavailable', numbers: 'whole' });
  const page = checked(envelope, parsed, { where, action: notUsed });
  const next = (page.hasMore ?? Boolean(page.cursor)) ? (page.cursor ?? '') : null;
  if (next === '') {
    throw new BilagError('unavailable', {
      what: 'the page says that more follows, but has no cursor to ask for it',
      where,
      action: 'fetch the date again; nothing of it was used',
    });
  }
  return { items: page.items, next, open: page.tryLater ?? false };
}

/** Whether a page came from the feed of a ledger, and not from one of its dates. */
export function isFeedRequest(request: string): boolean {
  return /^GET \/report\/v2\/ledgers\/[^/?]+\/[^/?]+\/feed(?:\?|$)/.test(request);
}

/** A batch of the feed, understood. */
export interface FeedPage {
  readonly items: readonly unknown[];
  /** Where to go on, now or later: to be kept after each batch, also an empty one. */
  readonly cursor: string;
  /** Whether this was everything there is for now; items may have come all the same. */
  readonly caughtUp: boolean;
}

/** Reads a batch of `…/feed`. It has no `hasMore`, and its cursor is never empty. */
export function parseFeedPage(body: Uint8Array, where: string): FeedPage {
  const parsed = parseJsonBytes(body, { where, kind: 'unavailable', numbers: 'whole' });
  const page = checked(feedEnvelope, parsed, { where, action: notUsed });
  return { items: page.items, cursor: page.cursor, caughtUp: page.tryLater ?? false };
}

/** Reads a page of v1 `ledgertransactions`; the cursor is empty at the end. Numbers stay text: no amount becomes a float. */
export function parseV1Page(
  body: Uint8Array,
  where: string,
): { readonly items: readonly unknown[]; readonly next: string | null } {
  const parsed = parseJsonBytes(body, { where, kind: 'unavailable', numbers: 'text' });
  const page = checked(v1Envelope, parsed, { where, action: notUsed });
  return { items: page.items, next: page.cursor || null };
}

const notUsed = 'fetch it again; nothing of it was used';

const envelope = z.object({
  items: z.array(z.unknown()),
  cursor: z.string().nullish(),
  hasMore: z.boolean().nullish(),
  tryLater: z.boolean().nullish(),
});

const feedEnvelope = z.object({
  items: z.array(z.unknown()),
  cursor: z.string().min(1),
  tryLater: z.boolean().nullish(),
});

const v1Envelope = z.object({ items: z.array(z.unknown()), cursor: z.string().nullish() });
