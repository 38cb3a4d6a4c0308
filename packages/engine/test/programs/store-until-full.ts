// Stores pages that do not compress until the disk is full; prints the error and what the archive then holds.
import { randomBytes } from 'node:crypto';
import { addDays, isBilagError, plainDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';

const archive = await openArchive(process.argv[2] ?? '');
const request = 'GET /report';
const receivedAt = '2026-01-01T00:00:00Z';
let date = plainDate('2026-01-01');
try {
  for (; ; date = addDays(date, 1)) {
    const pages = [0, 1, 2].map((sequence) => ({ sequence, request, receivedAt, body: randomBytes(20_000) }));
    const cursor = { source: 'counter', value: date };
    await archive.store({ ledgerId: '1', topic: 'funds', date, closed: true, pages, cursor });
  }
} catch (error) {
  const { findings } = await archive.verify();
  const kind = isBilagError(error) ? error.kind : 'none';
  const message = error instanceof Error ? error.message : '';
  const last = await archive.lastClosed('1', 'funds');
  process.stdout.write(
    JSON.stringify({ kind, message, date, last, cursor: await archive.cursor('counter'), findings }),
  );
}
