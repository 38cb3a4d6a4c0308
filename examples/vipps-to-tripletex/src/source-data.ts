import { hash } from 'node:crypto';
import type { Attachment, Voucher } from '@bilag/core';
import { sourceAttachment, type Archive } from '@bilag/engine';
import { ledgerDatesFromPages } from '@bilag/vipps';

/** The payments behind a voucher of one ledger date, for the accountant: no names and no texts of customers. */
export async function sourceDataOf(voucher: Voucher, archive: Archive): Promise<Attachment> {
  const { ledgerId, ledgerDate, currency } = voucher;
  const pages = await Array.fromAsync(archive.pages({ ledgerId, from: ledgerDate, to: ledgerDate }));
  const dates = await Array.fromAsync(ledgerDatesFromPages(pages, { currency }));
  const sources = pages.map(({ request, body }) => ({ request, digest: hash('sha256', body) }));
  return sourceAttachment(
    voucher,
    dates.flatMap(({ entries }) => entries),
    sources,
  );
}
