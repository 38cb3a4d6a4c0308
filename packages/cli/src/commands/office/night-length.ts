/**
 * What a company with one new voucher asks of a target: to know whom it talks to, to look, to send and to read back. So many turns were
 * counted of a night with Tripletex.
 */
const callsPerCompany = 17;
/** Turns that machines share are spaced wider than the limit, for those that come late. */
const spacing = 1.1;
const longestNightHours = 8;

/** How long a target's limit makes a night of companies that share one key; undefined where that is no matter. */
export function nightLength(companies: number, perSecond: number): string | undefined {
  const hours = (companies * callsPerCompany * spacing) / perSecond / 3_600;
  if (hours <= longestNightHours) return undefined;
  const perMinute = Math.floor(perSecond * 60);
  return `at ${perMinute} calls a minute for one key, and some ${callsPerCompany} for each company, these take ${Math.ceil(hours)} hours if they all share it: use several keys, or spread them over several nights`;
}
