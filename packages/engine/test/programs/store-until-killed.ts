// Stores one date after another until somebody kills it: three pages each, and a cursor that names the date.
import { addDays, plainDate } from '@bilag/core';
import { openArchive } from '@bilag/engine';
import { readingOf } from './readings.ts';

const archive = await openArchive(process.argv[2] ?? '');
const last = await archive.cursor('counter');
for (let date = last === undefined ? plainDate('2026-01-01') : addDays(plainDate(last), 1); ; date = addDays(date, 1)) {
  await archive.store({ ...readingOf(date), cursor: { source: 'counter', value: date } });
  process.stdout.write('stored\n');
}
