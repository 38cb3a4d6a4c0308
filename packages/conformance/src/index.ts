export type { HeldPosting, HeldVoucher, BackDoor } from './services/back-door.ts';
export {
  lawsOf,
  proveAll,
  type AnySubject,
  type Subject,
  type ConformanceReport,
  type LawToProve,
} from './conformance-report.ts';
export { FakeRefusal, type FakeVoucher, FakeBooks } from './services/fake-books.ts';
export * from './files/file-subject.ts';
export { openFileWorld, type BookSketch, FileWorld } from './files/file-world.ts';
export { type KitChart, norwegianChart } from './kit/kit-chart.ts';
export type { LawResult } from './law.ts';
export * from './services/service-subject.ts';
export { openServiceWorld, ServiceWorld } from './services/service-world.ts';
export * from './import-laws.ts';
export * from './source-laws.ts';
export { VoucherMaker } from './kit/voucher-maker.ts';
