export { type Companies, type CompanyInput, type Config, defineConfig } from './config.ts';
export { exitCodes, type ExitCode } from './program/exit-codes.ts';
export { run } from './program/run.ts';
export type { World } from './world.ts';
