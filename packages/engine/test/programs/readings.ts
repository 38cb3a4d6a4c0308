import type { PlainDate, Reading } from '@bilag/core';

/** What a page of a date says: enough to see that no page went to another date. */
export function bodyOf(date: PlainDate, sequence: number): string {
  return JSON.stringify({ date, sequence, filling: `${date}/${sequence} `.repeat(500) });
}

/** A whole reading of three pages. */
export function readingOf(date: PlainDate): Reading {
  return {
    ledgerId: '302321',
    topic: 'funds',
    date,
    closed: true,
    pages: [0, 1, 2].map((sequence) => ({
      sequence,
      body: Buffer.from(bodyOf(date, sequence)),
      request: `GET /report/v2/ledgers/302321/funds/dates/${date}`,
      receivedAt: '2026-11-21T06:00:00Z',
    })),
  };
}
