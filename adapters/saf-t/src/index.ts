export { safT } from './adapter.ts';
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
