export { createAdapter } from './create-adapter.ts';
