import type { AddCommand } from '../program.ts';
export const addInitCommand: AddCommand = () => undefined;
