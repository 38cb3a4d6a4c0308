/** How a run ended. Stable: scripts may rely on them. */
export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  person: 3,
  retry: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the help of every command. */
export const exitCodeHelp = `
Exit codes:
  0    done, or nothing to do
  1    something is wrong with the data, or a check failed
  2    mend the arguments, the configuration or the policy
  3    a person has to decide: keys, access, a conflict, a date or voucher that may not be delivered
  4    try again later: nothing was harmed, and nothing is posted twice
  130  interrupted`;

/** The code of several runs in one: what needs a person before what passes by itself. */
export function worstOf(codes: Iterable<ExitCode>): ExitCode {
  const all = new Set(codes);
  return bySeverity.find((code) => all.has(code)) ?? exitCodes.done;
}

const bySeverity = [exitCodes.interrupted, exitCodes.usage, exitCodes.person, exitCodes.findings, exitCodes.retry];
