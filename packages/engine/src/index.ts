export * from './archive.ts';
export type { ArchivedDate, PageFilter } from './archive-queries.ts';
export * from './output-set.ts';
export type { RawPage, Reading, SourceCursor } from './reading.ts';
export type { ArchiveVerification } from './verify-archive.ts';
