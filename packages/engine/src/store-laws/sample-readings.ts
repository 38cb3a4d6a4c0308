import { addDays, plainDate, type PlainDate, type RawPage, type Reading } from '@bilag/core';
import type { PageFilter } from '../archive/archive-queries.ts';
import type { ArchiveStore } from '../archive/archive-store.ts';
import type { KeptReading } from '../archive/history.ts';

/** The first date of the readings. */
export const firstDate: PlainDate = plainDate('2026-03-02');

interface Sample {
  readonly ledgerId?: string;
  readonly topic?: string;
  readonly index?: number;
  readonly closed?: boolean;
  readonly bodies?: readonly Uint8Array[];
  readonly fingerprint?: string;
  readonly cursor?: Reading['cursor'];
}

export function readingOf({ index = 0, bodies = [text('[]')], fingerprint, cursor, ...sample }: Sample = {}): Reading {
  const { ledgerId = '302321', topic = 'funds', closed = true } = sample;
  const receivedAt = '2026-04-02T06:00:00+02:00';
  const pages = bodies.map((body, sequence) => ({
    sequence,
    body,
    request: `GET /report?page=${sequence}`,
    receivedAt,
  }));
  const said = { ...(fingerprint === undefined ? {} : { fingerprint }), ...(cursor === undefined ? {} : { cursor }) };
  return { ledgerId, topic, date: dateOf(index), closed, pages, ...said };
}

export function dateOf(index: number): PlainDate {
  return addDays(firstDate, index);
}

export function text(body: string): Uint8Array {
  return new TextEncoder().encode(body);
}

export function textOf({ body }: RawPage): string {
  return new TextDecoder().decode(body);
}

export function shown(pages: readonly RawPage[]): unknown {
  return pages.map(({ ledgerId, topic, date, sequence, closed, request, receivedAt, body }) => {
    return [ledgerId, topic, date, sequence, closed, request, receivedAt, [...body]];
  });
}

export async function historyOf(store: ArchiveStore): Promise<readonly KeptReading[]> {
  return Array.fromAsync(store.history());
}

export function shownHistory(readings: readonly KeptReading[]): unknown {
  return readings.map(({ ledgerId, date, topic, number, closed, fingerprint, pages }) => {
    const kept = pages.map(({ sequence, request, receivedAt, body }) => [sequence, request, receivedAt, [...body]]);
    return [ledgerId, date, topic, number, closed, fingerprint, kept];
  });
}

export async function pagesOf(store: ArchiveStore, filter?: PageFilter): Promise<readonly RawPage[]> {
  return Array.fromAsync(store.pages(filter));
}
