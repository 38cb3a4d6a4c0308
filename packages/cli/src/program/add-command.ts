import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Session } from '../session.ts';

/** Adds a command to the program; its action says how it ended. */
export type AddCommand = (program: Command, session: Session, ended: (code: ExitCode) => void) => void;
