export { createAdapter, type NewAdapter, type CreatedAdapter } from './create-adapter.ts';
