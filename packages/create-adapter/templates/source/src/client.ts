import {
  BilagError,
  rawPagesOf,
  type DateToRead,
  type ReadDate,
  type Reading,
  type SourceConnection,
  type SourceContext,
  type SourceLedger,
} from '@bilag/core';
import { createHttpClient, type HttpClient } from '@bilag/http';
import { z } from 'zod';
import type { AcmePayConfig } from './config.ts';
import { parsePage, toLedgerDate } from './pages.ts';

const ledgerList = z.array(
  z.object({ id: z.string().min(1), currency: z.string(), owner: z.string().nullable(), name: z.string() }),
);

/** The only place that talks to Acme Pay. Nothing is sent before something is asked for. */
export async function connect(config: AcmePayConfig, context: SourceContext): Promise<SourceConnection<AcmePayConfig>> {
  const { token = '' } = await context.credentials.get(config.credentials);
  if (token === '') {
    const what = 'the token of Acme Pay is not set';
    throw new BilagError('config', { what, where: config.credentials, action: 'set ACME_PAY_TOKEN' });
  }
  const http = createHttpClient({
    baseUrl: config.baseUrl,
    headers: { authorization: `Bearer ${token}` },
    secrets: [token],
    onEvent: ({ type, waitMs = 0 }) => {
      if (type === 'wait') context.onRetry?.(waitMs);
    },
  });
  const { signal } = context;
  return {
    async *ledgers(): AsyncGenerator<SourceLedger, void, undefined> {
      const reply = await http.get('/ledgers', { signal });
      const listed = ledgerList.safeParse(reply.json());
      if (!listed.success) throw notAsItShouldBe(reply.where);
      for (const ledger of listed.data) {
        const { id, currency, owner, name } = ledger;
        yield { id, currency, owner, handles: [], names: [name], details: ledger };
      }
    },
    read: async (wanted) => readDate(http, wanted, signal),
    close: async () => http.close(),
  };
}

function notAsItShouldBe(where: string): BilagError {
  const action = 'try again; if it stays so, Acme Pay changed its API';
  return new BilagError('unavailable', { what: 'the list of ledgers is not as it should be', where, action });
}

async function readDate(
  http: HttpClient,
  { ledgerId, currency, date }: DateToRead,
  signal: AbortSignal,
): Promise<ReadDate> {
  const pages: Reading['pages'][number][] = [];
  let isClosed = true;
  for (let page: number | null = 0; page !== null;) {
    const path = `/ledgers/${encodeURIComponent(ledgerId)}/dates/${date}?page=${page}`;
    const { bytes, where } = await http.get(path, { signal });
    const { closed, next } = parsePage(bytes, where);
    pages.push({ sequence: pages.length, body: bytes, request: `GET ${path}`, receivedAt: new Date().toISOString() });
    isClosed &&= closed;
    page = next;
  }
  const reading: Reading = { ledgerId, topic: 'payments', date, closed: isClosed, pages };
  return { readings: [reading], read: toLedgerDate(rawPagesOf(reading), currency) };
}
