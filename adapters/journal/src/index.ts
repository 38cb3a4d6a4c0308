export { journal } from './adapter.ts';
export { journalConfig, type JournalConfig } from './config.ts';
