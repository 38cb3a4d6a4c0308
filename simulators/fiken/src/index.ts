export { startFikenSimulator, type FikenSimulator, type FikenSimulatorOptions } from './fiken-simulator.ts';
export type { FikenAccess, FikenCredentials, FikenTokenRules } from './fiken-access.ts';
export type { FikenCompany, FikenCompanyOptions } from './fiken-company.ts';
export type {
  FikenBankAccount,
  FikenBooks,
  FikenEntry,
  FikenFile,
  FikenSale,
  FikenTransaction,
} from './fiken-books.ts';
export type { FikenLine } from './fiken-journal.ts';
export type { FikenLocks } from './fiken-locks.ts';
export type { Pace } from './fiken-pace.ts';
export type { VatRounding } from './fiken-vat.ts';
export { fikenSimulation } from './simulation.ts';
