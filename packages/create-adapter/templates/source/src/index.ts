import { defineSource, type LedgerDate, type RawPage, type Source } from '@bilag/core';
import { connect } from './client.ts';
import { acmePayConfig, type AcmePayConfig } from './config.ts';
import { exportKind, pagesOf, recognises } from './export-file.ts';
import { profile, toLedgerDate } from './pages.ts';

export type { AcmePayConfig } from './config.ts';

/** Acme Pay, as Bilag reads it. */
export const acmePay: Source<AcmePayConfig> = defineSource({
  contract: 1,
  kind: 'source',
  id: 'acme-pay',
  title: 'Acme Pay',
  config: acmePayConfig,
  profile,
  api: {
    scope: ({ credentials, baseUrl }) => ({
      topics: ['payments'],
      fees: 'not-read',
      keysSee: 'own',
      keys: `the token of ${credentials}`,
      credentials,
      connection: baseUrl,
      noAccess: 'ask Acme Pay for access to a ledger',
    }),
    connect,
    dates: datesOf,
  },
  // Leave this out where the provider hands out no files.
  imports: { kinds: [exportKind], recognises, pagesOf, dates: datesOf },
});

/** The pages of a date follow each other; its pages may come in any order. */
async function* datesOf(
  pages: Iterable<RawPage> | AsyncIterable<RawPage>,
  { currency }: { readonly currency: string },
): AsyncGenerator<LedgerDate, void, undefined> {
  let own: RawPage[] = [];
  for await (const page of pages) {
    const [first] = own;
    if (first !== undefined && (first.date !== page.date || first.ledgerId !== page.ledgerId)) {
      yield toLedgerDate(own, currency);
      own = [];
    }
    own.push(page);
  }
  if (own.length > 0) yield toLedgerDate(own, currency);
}
