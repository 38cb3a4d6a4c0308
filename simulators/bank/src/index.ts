export type { BankAccountOptions, BankPayment } from './bank-account.ts';
export { camt053Files, camt054Files, type BankFile, type CamtOptions } from './camt-file.ts';
export { bankCsvFiles, type CsvLayout } from './csv-file.ts';
export { plantErrors, type PlantedError, type PlantedKind } from './planted-errors.ts';
