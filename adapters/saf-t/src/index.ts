export { safT } from './adapter.ts';
export { check, checkSet } from './check/check.ts';
export type { CheckOptions } from './check/check-state.ts';
export {
  safTConfig,
  type Address,
  type BankAccount,
  type PartyDetails,
  type SafTConfig,
  type SafTConfigInput,
} from './config.ts';
export { builtInList, readGroupingList, type Grouping } from './grouping.ts';
export { versions, type Version } from './profile.ts';
