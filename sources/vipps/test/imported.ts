import { rawPagesOf, type FileReading, type ImportContext, type LedgerDate, type RawPage } from '@bilag/core';
import { vipps, type VippsConfig } from '@bilag/vipps';

/** A file as it is imported: what it is taken for, and what it becomes. */
export interface Imported {
  readonly kind: string | undefined;
  readonly readings: readonly FileReading[];
  readonly dates: LedgerDate[];
}

/** Imports a file in odd pieces: a letter or a tag may be cut in two. */
export async function imported(
  content: string | Uint8Array,
  { config = {}, ledgers = [] }: { config?: Omit<VippsConfig, 'keys'>; ledgers?: ImportContext['ledgers'] } = {},
): Promise<Imported> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = {
    name: 'report',
    size: bytes.length,
    async *read() {
      for (let start = 0; start < bytes.length; start += 1013) yield bytes.subarray(start, start + 1013);
    },
  };
  const { imports } = vipps;
  if (imports === undefined) throw new TypeError('Vipps MobilePay has files');
  const context = { ledgers, personalData: false, signal: new AbortController().signal };
  const of: VippsConfig = { keys: 'none', ...config };
  const readings = await Array.fromAsync(imports.pagesOf(file, of, context));
  const kind = imports.recognises({ name: file.name, bytes: bytes.subarray(0, 65_536) }, of);
  return { kind, readings, dates: await datesOf(pagesOf(readings), of) };
}

/** The dates that pages tell. */
export async function datesOf(pages: readonly RawPage[], config: VippsConfig): Promise<LedgerDate[]> {
  const { imports } = vipps;
  if (imports === undefined) throw new TypeError('Vipps MobilePay has files');
  return Array.fromAsync(imports.dates(pages, { currency: 'NOK' }, config));
}

/** The pages that an archive would have of readings. */
export function pagesOf(readings: readonly FileReading[]): RawPage[] {
  const byTopic = Map.groupBy(readings, ({ ledgerId, date, topic }) => `${ledgerId} ${date} ${topic}`);
  return [...byTopic]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, parts]) => {
      const [first] = parts as [FileReading];
      const receivedAt = '2026-11-29T12:00:00Z';
      const pages = parts.map(({ page }, sequence) => {
        return { sequence, body: page.body, request: page.where, receivedAt };
      });
      return rawPagesOf({ ...first, closed: parts.at(-1)?.closed ?? false, pages });
    });
}
