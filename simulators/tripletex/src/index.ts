export type { HeldAttachment, HeldPosting, HeldVoucher, TypedRow } from './held-voucher.ts';
export type {
  ImportedSettlement,
  TripletexBackDoor,
  TripletexCompanyBackDoor,
  TypedVoucher,
} from './tripletex-back-door.ts';
export { namedTripletexFaults, type TripletexEndpoint, type TripletexFaultAim } from './tripletex-faults.ts';
export {
  defaultTripletexCompany,
  type TripletexAccountOptions,
  type TripletexCompanyOptions,
  type TripletexSimulatorOptions,
} from './tripletex-options.ts';
export type { TripletexCredentials } from './tripletex-sessions.ts';
export { startTripletexSimulator, type TripletexSimulator } from './tripletex-simulator.ts';
export { bilagAccounts, tripletexSimulation } from './simulation.ts';
