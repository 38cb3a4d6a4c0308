import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import type { Session } from '../session.ts';

/** Gives a command its arguments, its options and what it does; its action says how it ended. */
export type AddCommand = (command: Command, session: Session, ended: (code: ExitCode) => void) => void;
