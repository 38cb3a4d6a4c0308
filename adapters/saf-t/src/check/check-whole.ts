import { judgedVersionOf } from '../shape/check-shape.ts';
import type { CheckState } from './check-state.ts';
import { showOre } from './decimal.ts';
import { allowedVersions } from '../profile.ts';
import { periodRangeOf } from './period-range.ts';
import { childOf, textOf } from '../xml/node.ts';

/** Judges what needs the whole file, or the whole set: rules 3, 4, 7, 12, 13 and 16. */
export function checkWhole(state: CheckState, isPart: boolean): void {
  // Without transactions a part does not show where its accounting year starts.
  if (!isPart || state.hasEntries) checkVersion(state);
  if (state.hasMasterFiles) checkSums(state);
  checkTaxRegistration(state);
  state.periods.tell(state);
  if (isPart) {
    const message =
      'this is a part of a set, so account movements, and references to what other files list, are not judged';
    state.report('SET', 'info', 'AuditFile', message, 'check the files of the set together');
    return;
  }
  if (!state.hasMasterFiles || state.accounts.size === 0) {
    const message = 'no accounts are listed';
    state.report(7, 'warning', 'MasterFiles/GeneralLedgerAccounts', message, 'list all accounts, also unused ones');
    return;
  }
  checkMovements(state);
  checkSubledgers(state);
  checkUnusedAnalyses(state);
}

/** Rule 12. The accounting year starts where periods are counted from; unknown, it is the calendar year. */
function checkVersion(state: CheckState): void {
  const { header } = state;
  const version = textOf(header, 'AuditFileVersion') ?? '';
  const start = periodRangeOf(childOf(header, 'SelectionCriteria'), () => {})?.start;
  if (header === undefined || start === undefined || judgedVersionOf(version) === undefined) return;
  const starts =
    'date' in start ? [yearStartOf(start.date, state)] : [`${start.year - 1}-12-31`, `${start.year}-01-01`];
  const isDeviating = state.periods.monthsOff !== 0;
  const candidates = 'date' in start || isDeviating ? starts : starts.slice(1);
  if (candidates.some((date) => isTaken(version, date))) return;
  const allowed = allowedVersions(candidates.at(-1) ?? '');
  const message = `version ${version} is not taken for an accounting period that starts on ${candidates.at(-1)}`;
  const action = `write ${allowed.join(' or ')}, in the file and in AuditFileVersion`;
  state.report(12, 'warning', `Header/AuditFileVersion, line ${header.line}`, message, action);
}

function isTaken(version: string, periodStart: string): boolean {
  // 1.10 came before 1.20 was published (2021-03-17).
  if (version === '1.10' || version === '1.1') return periodStart < '2021-01-01';
  return allowedVersions(periodStart).some((allowed) => allowed === version || Number(allowed) === Number(version));
}

function yearStartOf(date: string, { periods }: CheckState): string {
  const offset = periods.monthsOff;
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month > offset ? 0 : 1);
  return `${year}-${String(offset + 1).padStart(2, '0')}-01`;
}

/** Rule 4: a warning, since the caller's balances may not net (a part of a ledger, an income statement not closed). */
function checkSums(state: CheckState): void {
  for (const moment of ['opening', 'closing'] as const) {
    let sum = 0n;
    for (const account of state.accounts.values()) sum += account[moment];
    if (sum === 0n) continue;
    const message = `the ${moment} balances of all accounts come to ${showOre(sum)}, not to zero`;
    const action = 'list every account of the ledger, or explain the difference: a partial ledger, a year not closed';
    state.report(4, 'warning', 'MasterFiles/GeneralLedgerAccounts', message, action);
  }
}

/** Rule 13: who charges or deducts VAT is in the register. */
function checkTaxRegistration(state: CheckState): void {
  const company = childOf(state.header, 'Company');
  if (!state.hasTax || childOf(company, 'TaxRegistration') !== undefined) return;
  const where = `Header/Company, line ${company?.line ?? 1}`;
  const message = 'lines carry VAT and the company has no TaxRegistration';
  state.report(13, 'warning', where, message, 'write TaxRegistration with the nine digits of the organisation number');
}

/** Rule 3. */
function checkMovements(state: CheckState): void {
  for (const { where, opening, closing, movement } of state.accounts.values()) {
    if (opening + movement === closing) continue;
    const message = `opening ${showOre(opening)} and postings ${showOre(movement)} give ${showOre(opening + movement)}, and closing is ${showOre(closing)}`;
    state.report(
      3,
      'error',
      where,
      message,
      'find the posting that is missing or double, or the balance that is wrong',
    );
  }
}

/** Rule 16, where the subledger is complete: every line on the account names a customer or supplier. */
function checkSubledgers(state: CheckState): void {
  for (const [id, sums] of state.subledgers) {
    const account = state.accounts.get(id);
    if (account === undefined || account.hasLineWithoutParty) continue;
    for (const moment of ['opening', 'closing'] as const) {
      if (sums[moment] === account[moment]) continue;
      const message = `the ${moment} balances of the parties on account ${id} come to ${showOre(sums[moment])}, and the account has ${showOre(account[moment])}`;
      state.report(
        16,
        'warning',
        sums.where,
        message,
        'list every party with a balance, or correct the one that is wrong',
      );
    }
  }
}

/** Rule 7: of the analysis table only what is used. */
function checkUnusedAnalyses(state: CheckState): void {
  for (const { where, used } of state.analyses.values()) {
    if (!used) state.report(7, 'warning', where, 'nothing uses this analysis', 'list only the analyses that are used');
  }
}
