export { type CompanyInput, defineConfig } from './config.ts';
export { exitCodes } from './program/exit-codes.ts';
export { run } from './program/run.ts';
export type { World } from './world.ts';
