export { journal } from './adapter.ts';
export type { JournalConfig } from './config.ts';
