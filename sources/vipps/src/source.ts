import {
  BilagError,
  defineSource,
  type LedgerDate,
  type RawPage,
  type Reading,
  type Source,
  type SourceConnection,
  type SourceContext,
  type SourceFile,
  type SourceLedger,
} from '@bilag/core';
import { isLoopback } from '@bilag/http';
import { createVippsClient, type VippsClient } from './api/client.ts';
import { scopeOf, v1Format, vippsConfig, type VippsConfig } from './config.ts';
import type { V1Format } from './entries/entries-v1.ts';
import { ledgerDatesFromPages, type PagesOptions } from './entries/ledger-dates.ts';
import { datesWithFiles } from './files/closing.ts';
import { dateWithFiles } from './files/file-dates.ts';
import { knownHeadings } from './files/portal/portal-words.ts';
import { fileKindOf, fileKinds } from './files/recognise.ts';
import type { VippsLedger } from './api/ledgers.ts';
import { vippsProfile } from './profile.ts';
import { salesFindings, salesTopic, toldSales } from './entries/sales.ts';
import { readLedger } from './api/read-ledger.ts';
import { baseUrlOf, credentialsOf } from './api/stored-keys.ts';
import { readV1Files } from './entries/v1-file.ts';
import { version } from './version.ts';

/** The Report API of Vipps MobilePay, read with a merchant's own keys or an accounting partner's. */
export const vipps: Source<VippsConfig> = defineSource({
  contract: 1,
  kind: 'source',
  id: 'vipps',
  title: 'Vipps MobilePay',
  config: vippsConfig,
  profile: vippsProfile,
  api: {
    scope: scopeOf,
    connect: async (config, context) => connectionOf(await clientOf(config, context), context),
    dates: datesOf,
    datesVersion: version,
    sales: toldSales,
  },
  imports: {
    kinds: fileKinds,
    advice: knownHeadings,
    recognises: (head, { imports = {} }) => fileKindOf(head, imports.words),
    async *pagesOf(file, { imports = {} }, context) {
      const { cutoffHour = 0, words = {} } = imports;
      // With the parsers of XML, workbooks and CSV.
      const { pagesOfFile } = await import('./files/imports.ts');
      yield* pagesOfFile(file, { cutoffHour, words }, context);
    },
    dates: datesOf,
  },
});

function datesOf(
  pages: Iterable<RawPage> | AsyncIterable<RawPage>,
  { currency }: { readonly currency: string },
  { fees = true, api, imports: files }: VippsConfig,
): AsyncGenerator<LedgerDate, void, undefined> {
  const choices = { currency, fees, settlement: files?.settlement, words: files?.words ?? {} };
  const options: PagesOptions = {
    currency,
    fees,
    fromFiles: (own, read) => dateWithFiles(own, choices, read),
    ...(typeof api === 'object' ? { v1: api.v1 } : {}),
  };
  return datesWithFiles(pages, (noted) => ledgerDatesFromPages(noted, options));
}

/** Replies of version 1 of the Report API (closed in May 2024) that were archived as JSON files. */
export const v1Files: Source<V1Format> = defineSource({
  contract: 1,
  kind: 'source',
  id: 'v1-files',
  title: 'Vipps MobilePay, archived files of version 1',
  config: v1Format,
  profile: vippsProfile,
  files: {
    // A v1 row has its amount under this name, and nothing that came after it has.
    recognises: ({ bytes }) =>
      new TextDecoder().decode(bytes).includes('"ledgerAmount"') ? 'Report API v1, archived replies' : undefined,
    dates: (files, { ledgerId }, { settlement, amounts }): readonly LedgerDate[] =>
      readV1Files(
        files.map((file) => ({ name: file.name, text: textOf(file) })),
        { settlement, amounts, ...(ledgerId === undefined ? {} : { ledgerId }) },
      ),
  },
});

async function clientOf(config: VippsConfig, context: SourceContext): Promise<VippsClient> {
  const { credentials, program, onRetry } = context;
  const baseUrl = await baseUrlOf(config, credentials);
  return createVippsClient({
    credentials: await credentialsOf(config, credentials),
    system: { name: 'bilag', version: program.version, pluginName: program.name, pluginVersion: program.version },
    ...(baseUrl === undefined ? {} : { baseUrl }),
    http: {
      // A server on this machine asks for no politeness.
      ...(baseUrl !== undefined && isLoopback(URL.parse(baseUrl)?.hostname ?? '') ? { limits: localLimits } : {}),
      onEvent: ({ type, waitMs = 0 }) => {
        if (type === 'wait') onRetry?.(waitMs);
      },
    },
  });
}

const localLimits = { concurrency: 8, perSecond: 100_000 };

function connectionOf(client: VippsClient, { signal }: SourceContext): SourceConnection<VippsConfig> {
  return {
    async *ledgers() {
      for await (const ledger of client.ledgers({ signal })) yield toSourceLedger(ledger);
    },
    read: async ({ ledgerId, currency, date, endedThrough }, { fees = true, api, sales }) => {
      const readings: Reading[] = [];
      const wanted = { ledgerId, currency, from: date, to: date, fees, knownLedger: true };
      const [[read], sold] = await Promise.all([
        Array.fromAsync(
          readLedger(client, {
            ...wanted,
            ...(typeof api === 'object' ? { v1: { ...api.v1, closedThrough: endedThrough } } : {}),
            onReading: (reading) => void readings.push(reading),
            signal,
          }),
        ),
        sales === undefined ? undefined : client.fetchSales({ ledgerId, date, signal }),
      ]);
      if (read === undefined) throw new TypeError('a ledger gives every date it is asked for');
      if (sold === undefined) return { readings, read };
      // The Sales API does not say when a date is closed: what was sold is told when it was captured.
      readings.push({ ledgerId, topic: salesTopic, date, closed: read.accounts.funds.closed, ...sold });
      return { readings, read: withSalesFindings(read, sold.pages) };
    },
    async *follow({ ledgerId, topic, cursor }) {
      if (topic !== 'funds' && topic !== 'fees') throw new TypeError(`there is no feed of ${topic}`);
      const from = cursor === undefined ? {} : { cursor };
      for await (const batch of client.feed({ ledgerId, topic, signal, ...from })) {
        const { body, request, receivedAt, entries } = batch;
        const dates = [...new Set(entries.map(({ ledgerDate }) => ledgerDate))];
        yield { page: { body, request, receivedAt }, dates, cursor: batch.cursor };
      }
    },
    close: async () => client.close(),
  };
}

/** As reading the pages again says it. */
function withSalesFindings(read: LedgerDate, pages: Reading['pages']): LedgerDate {
  const { ledgerId, date } = read;
  const raw = pages.map((page) => ({ ...page, ledgerId, date, topic: salesTopic, closed: true }));
  const found = salesFindings(raw);
  return found.length === 0 ? read : { ...read, findings: [...(read.findings ?? []), ...found] };
}

function toSourceLedger(ledger: VippsLedger): SourceLedger {
  const { ledgerId, currency, owner, recipientHandles, salesUnits, payoutAccount } = ledger;
  return {
    id: ledgerId,
    currency,
    owner: owner?.id ?? null,
    handles: recipientHandles,
    names: salesUnits.flatMap(({ name }) => (name === null ? [] : [name])),
    payoutAccount: payoutAccount === null ? null : `${payoutAccount.scheme} ${payoutAccount.id}`,
    details: ledger,
  };
}

function textOf({ name, bytes }: SourceFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new BilagError('rejected', { what: 'the text is not UTF-8', where: name, action: 'convert it' }, { cause });
  }
}
