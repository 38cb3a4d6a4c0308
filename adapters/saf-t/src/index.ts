export { safT } from './adapter.ts';
export { check, checkSet } from './check/check.ts';
export { safTConfig, type SafTConfig } from './config.ts';
export { readGroupingList } from './grouping.ts';
