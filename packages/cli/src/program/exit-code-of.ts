import { consequences, isBilagError, type DeliveryEnd } from '@bilag/core';
import { exitCodes, type ExitCode } from './exit-codes.ts';

/** The exit code of an end: how a run of apply or undo came out, or what an error asks for. */
export function exitCodeOfEnd(end: DeliveryEnd): ExitCode {
  return end === 'data' ? exitCodes.findings : exitCodes[end];
}

/** The exit code of a thrown value; what is not ours is a fault in a program, which a person has to look at. */
export function exitCodeOf(error: unknown): ExitCode {
  return isBilagError(error) ? exitCodeOfEnd(consequences[error.kind].ends) : exitCodes.person;
}
