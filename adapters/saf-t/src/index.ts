export { safT } from './adapter.ts';
export { check, checkSet } from './check/check.ts';
export type { CheckOptions } from './check/check-state.ts';
export { safTConfig, type SafTConfig } from './config.ts';
export { readGroupingList } from './grouping.ts';
