import type { PlainDate } from '../money/plain-date.ts';
import type { LedgerDate } from '../ledger/ledger.ts';
import type { Amount } from '../money/amount.ts';
import type { SourceProfile } from '../ledger/source-profile.ts';
import type { ConfigSchema, contractVersion } from './contract.ts';
import type { ServiceContext } from './service.ts';

/** One page as the source sent it, or as it stood in a file. Everything else is a pure function of these. */
export interface RawPage {
  readonly ledgerId: string;
  /** What was asked for, such as `funds` or `fees`. */
  readonly topic: string;
  /** The ledger date the page belongs to. */
  readonly date: PlainDate;
  /** The page's place in its reading. */
  readonly sequence: number;
  /** Whether the source said that nothing more can come for this date. */
  readonly closed: boolean;
  /** Method, path and query, or the name of a file; never a header, so never a key. */
  readonly request: string;
  /** When it was received: ISO 8601 with offset or `Z`. */
  readonly receivedAt: string;
  /** The body, byte for byte. */
  readonly body: Uint8Array;
}

/** All pages of one topic of one ledger on one date, as read in one go. */
export interface Reading {
  readonly ledgerId: string;
  readonly topic: string;
  readonly date: PlainDate;
  readonly closed: boolean;
  /** In any order; their sequences count up by one without a hole. */
  readonly pages: readonly Pick<RawPage, 'sequence' | 'body' | 'request' | 'receivedAt'>[];
  /**
   * What the pages say, without what differs from one reading to the next (a paging cursor): equal text is equal content.
   * Absent: the bodies themselves are compared, byte for byte.
   */
  readonly fingerprint?: string;
  /** Where the source goes on: saved together with the pages, or not at all. */
  readonly cursor?: SourceCursor;
}

/** The pages of a reading, each with what it is a page of. */
export function rawPagesOf({ ledgerId, topic, date, closed, pages }: Reading): RawPage[] {
  return pages.map((page) => ({ ...page, ledgerId, topic, date, closed }));
}

/** Where a source goes on reading: opaque text under the source's own name. */
export interface SourceCursor {
  readonly source: string;
  readonly value: string;
}

/** A ledger that a source's keys can see now. */
export interface SourceLedger {
  readonly id: string;
  /** ISO 4217; null where the provider does not tell. */
  readonly currency: string | null;
  /** The organisation number of whoever owns it, as the provider writes it; null where it does not tell. */
  readonly owner: string | null;
  /** What settles into it, as its entries name it, such as `api:123455`. */
  readonly handles: readonly string[];
  /** The names of the sales units or shops behind it. */
  readonly names: readonly string[];
  /** The bank account its payouts go to, with its scheme; absent or null where the provider does not tell. */
  readonly payoutAccount?: string | null;
  /** All that the provider tells of it, under the provider's names. */
  readonly details: object;
}

/** A ledger date to read. */
export interface DateToRead {
  readonly ledgerId: string;
  readonly currency: string;
  readonly date: PlainDate;
  /** The last date that has surely ended at the merchant's place, for providers that do not say when a date is closed. */
  readonly endedThrough: PlainDate;
}

/** A date that was read: its pages topic by topic, and what they say. */
export interface ReadDate {
  /** None where the provider has nothing to give for the date yet. */
  readonly readings: readonly Reading[];
  readonly read: LedgerDate;
}

/** Which feed to follow, and where to go on. */
export interface FeedToFollow {
  readonly ledgerId: string;
  readonly currency: string;
  /** Such as `funds`. */
  readonly topic: string;
  /** Undefined at the very beginning. */
  readonly cursor: string | undefined;
}

/** What a feed brought in one go. */
export interface FeedPage {
  readonly page: Pick<RawPage, 'body' | 'request' | 'receivedAt'>;
  /** The ledger dates that it has entries of: it is a page of each of them. */
  readonly dates: readonly PlainDate[];
  /** Where to go on, now or later: kept together with the page, or not at all. */
  readonly cursor: string;
}

/** What a source takes from outside. */
export interface SourceContext extends Pick<ServiceContext, 'credentials' | 'signal'> {
  /** The program that asks, for providers that want to know. */
  readonly program: { readonly name: string; readonly version: string };
  /** Told when a failed request will be tried again, and after how long. */
  readonly onRetry?: (waitMs: number) => void;
}

/** A connection to a provider. Companies that share their keys share it: what differs is in each one's config. */
export interface SourceConnection<Config = unknown> {
  /** Every ledger the keys can see. None means no access, not no sales. */
  ledgers(): AsyncIterable<SourceLedger>;
  /** Reads one date of a ledger that is among those of the list, closed or open. */
  read(wanted: DateToRead, config: Config): Promise<ReadDate>;
  /**
   * What a ledger's feed has brought since the cursor, until it has no more for now. Absent where there is no feed. Its pages
   * of a date, all of them, say what reading that date says, but for whether it is closed.
   */
  follow?(wanted: FeedToFollow, config: Config): AsyncIterable<FeedPage>;
  close(): Promise<void>;
}

/** How what was sold is told, and what to do where it is not. */
export interface SalesScope {
  /** The topic of its pages, among those of the scope. */
  readonly topic: string;
  /** Of a sale whose VAT nobody tells: book it by the policy of its unit, or against suspense with a finding. */
  readonly missing: 'policy' | 'ask';
  /** Rates in basis points and the VAT treatments they mean, where a rate alone does not say it: `{ '0': 'exempt' }`. */
  readonly treatments: Readonly<Record<string, string>>;
}

/**
 * A sale or a refund as the provider's till tells it. It says what an entry of the ledger was for, and is never money of its own:
 * sales in cash and by card are told here too.
 */
export interface ToldSale {
  readonly kind: 'sale' | 'refund';
  readonly pspReference: string | null;
  readonly reference: string | null;
  /** What was sold, with the VAT rate where it is told. Empty where nothing is told; null where what is told does not add up. */
  readonly lines: readonly { readonly gross: Amount; readonly rateBasisPoints: number | null }[] | null;
}

/** What a source's config comes to. */
export interface SourceScope {
  /** What must be closed of a date for the date to be complete, such as `funds` and `fees`. */
  readonly topics: readonly string[];
  /** Where the fees stand: on an account of their own, beside each sale (`accrued`), or nowhere that is read. */
  readonly fees: 'own-account' | 'accrued' | 'not-read';
  /** Whose ledgers the keys see: a merchant's `own`, or those of `many`: there a ledger without an owner is nobody's. */
  readonly keysSee: 'own' | 'many';
  /** Which keys these are, never the keys: `merchant keys of env:VIPPS`. */
  readonly keys: string;
  /** The reference to them. */
  readonly credentials: string;
  /** Equal texts of equal credentials share a connection, because limits are per key. */
  readonly connection: string;
  /** The topics that can be followed by a feed as well; default none. */
  readonly feeds?: readonly string[];
  /** Where the provider also tells what was sold, as a topic of its own. */
  readonly sales?: SalesScope;
  /** What to do where they see no ledger. */
  readonly noAccess: string;
}

/** A source with an API, whose pages are archived as received. */
export interface SourceApi<Config> {
  /** Undefined where the config gives no keys: then only files are imported. */
  scope(config: Config): SourceScope | undefined;
  /** Nothing is sent before the connection is asked for something. Throws `config` when keys are missing. */
  connect(config: Config, context: SourceContext): Promise<SourceConnection<Config>>;
  /**
   * Pure: raw pages, ledger by ledger and date by date, become facts, closed or open: those that `read()` gave, without a
   * network.
   */
  dates(
    pages: Iterable<RawPage> | AsyncIterable<RawPage>,
    ledger: { readonly currency: string },
    config: Config,
  ): AsyncGenerator<LedgerDate, void, undefined>;
  /**
   * The version of what makes dates of pages, where the API's pages of a date say the same whether those of the dates before are read with
   * them or not, and the config is plain data: books then go on from where the same version left off. Absent: they are made from
   * the cut-over each time.
   */
  readonly datesVersion?: string;
  /** Pure: what the pages of the topic of sales say of one ledger date. Throws `rejected` with the place in a page. */
  sales?(pages: readonly RawPage[]): readonly ToldSale[];
}

/** The beginning of a file, by which a source knows it. */
export interface FileHead {
  readonly name: string;
  /** At most the first 64 KiB. */
  readonly bytes: Uint8Array;
}

/** A file to read. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A source whose data are files that somebody has: they are the archive. */
export interface SourceFiles<Config> {
  /** What kind of file this is, in words, such as `settlement report 3.0`; undefined when the source cannot read it. */
  recognises(head: FileHead): string | undefined;
  /**
   * Pure: what files that belong together hold, as ledger dates, earliest first; what two of them have is there once. Rows
   * that name no ledger come under `ledgerId`. Throws `rejected` with the place in the file.
   */
  dates(
    files: readonly SourceFile[],
    ledger: { readonly ledgerId?: string | undefined },
    config: Config,
  ): readonly LedgerDate[];
}

/** A file that is imported, of any length. */
export interface FileToImport {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Its bytes from the beginning, each time. */
  read(): AsyncIterable<Uint8Array>;
}

/** What a file does not say itself. */
export interface ImportContext {
  /** The ledgers that are known already, with the sales units that settle into them. */
  readonly ledgers: readonly { readonly id: string; readonly handles: readonly string[] }[];
  /** Whether names, phone numbers and messages of customers are wanted. */
  readonly personalData: boolean;
  readonly signal: AbortSignal;
}

/**
 * What a file holds of one ledger on one date. It may come in several parts, in any order among others: their pages are put
 * one after the other, whatever their sequences, and the last part says whether the date is closed. So a source need not
 * hold a long file to sort it.
 */
export interface FileReading extends Omit<Reading, 'cursor' | 'pages'> {
  /**
   * Begins with {@link fileTopic}. Two files that tell the same part of a date give it the same topic, such as the number of
   * a settlement: what stands there is then the same, or a conflict.
   */
  readonly topic: string;
  readonly page: {
    readonly body: Uint8Array;
    /** The place in the file, such as `rows 2 to 40`. */
    readonly where: string;
  };
  /** ISO 4217 of the ledger. */
  readonly currency: string;
  /** The sales units that settle into the ledger, as its entries name them. */
  readonly handles: readonly string[];
  /** The organisation number of whoever owns the ledger, where the file tells. */
  readonly owner?: string;
  /** About customers, where it was asked for: kept apart from the page, so that it can be removed. */
  readonly personal?: readonly PersonalData[];
}

/** What a file tells of the customer behind a payment. It goes into no page, no entry and no voucher. */
export interface PersonalData {
  /** The provider's reference of the payment. */
  readonly pspReference: string;
  readonly name?: string;
  readonly phone?: string;
  readonly message?: string;
}

/** How the topics of pages from files begin. A date has them beside, or in place of, the topics of the API. */
export const fileTopic = 'file:';

/** Whether a page stood in a file. */
export function isFromFile({ topic }: { readonly topic: string }): boolean {
  return topic.startsWith(fileTopic);
}

/** Files of a provider that are imported: they become raw pages of the archive, and are read like those of its API. */
export interface SourceImports<Config> {
  /** The kinds of files it can read, in words; those that tell most come first. */
  readonly kinds: readonly string[];
  /** What to do about a file that is not recognised and should be, such as which headings are known. */
  readonly advice?: string;
  /**
   * Which of the kinds this is; undefined when the source cannot read it. By the content: a name may say anything. The config
   * may have words of the file that the source does not know itself.
   */
  recognises(head: FileHead, config: Config): string | undefined;
  /**
   * Cuts a file into pages: nothing is interpreted that the page does not keep. A control sum of the file is a claim: it is
   * kept beside the sum that its rows come to, and what differs is a finding of the date. Throws `rejected` with what is
   * wrong and the place in the file; whoever imports then takes nothing of it.
   */
  pagesOf(file: FileToImport, config: Config, context: ImportContext): AsyncIterable<FileReading>;
  /** Pure: as {@link SourceApi}'s, which is the same function where the source has an API. */
  dates: SourceApi<Config>['dates'];
}

/** A provider that we read: by its API, from files, or both. */
export interface Source<Config = unknown> {
  readonly contract: typeof contractVersion;
  readonly kind: 'source';
  /** Short and lower-case, such as `vipps`: what a config writes as `source.kind`. */
  readonly id: string;
  readonly title: string;
  /** Of the fields that are the source's own; which ledgers or files are read is not among them. */
  readonly config: ConfigSchema<Config>;
  /** The provider's words: its dates carry them. */
  readonly profile: SourceProfile;
  readonly api?: SourceApi<Config>;
  readonly files?: SourceFiles<Config>;
  readonly imports?: SourceImports<Config>;
}

/**
 * Declares a source. Nothing happens here: an import sends nothing and reads nothing.
 *
 * @example
 * ```ts
 * import { defineSource } from '@bilag/core';
 * import { z } from 'zod';
 *
 * const source = defineSource({
 *   contract: 1,
 *   kind: 'source',
 *   id: 'till',
 *   title: 'The till at the door',
 *   config: z.object({}),
 *   profile: { provider: 'The till', series: 'TILL' },
 *   files: { recognises: ({ name }) => (name.endsWith('.till') ? 'day of a till' : undefined), dates: () => [] },
 * });
 * source.id; // => 'till'
 * ```
 */
export function defineSource<Config>(source: Source<Config>): Source<Config> {
  return source;
}
