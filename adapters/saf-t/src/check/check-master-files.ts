import type { CheckState } from './check-state.ts';
import { toMillionths } from './decimal.ts';
import { groupingCategories, hasGroupingList } from '../grouping.ts';
import { isStandardTaxCode } from '../tax-codes.ts';
import { childOf, childrenOf, textOf, type Node } from '../xml/node.ts';

/** Takes in an entry of a master file and judges what can be judged at once: rules 5, 6, 11, 14. */
export function checkMasterRecord(list: string, node: Node, version: string, state: CheckState): void {
  const where = (id: string): string => `MasterFiles/${list}/${node.name} ${id}, line ${node.line}`;
  switch (node.name) {
    case 'Account':
      checkAccount(node, where(textOf(node, 'AccountID') ?? ''), version, state);
      break;
    case 'Customer':
      checkParty(node, 'CustomerID', where(textOf(node, 'CustomerID') ?? ''), state.customers, state);
      break;
    case 'Supplier':
      checkParty(node, 'SupplierID', where(textOf(node, 'SupplierID') ?? ''), state.suppliers, state);
      break;
    case 'Owner':
      checkOwner(node, where(textOf(node, 'OwnerID') ?? ''), state);
      break;
    case 'TaxTableEntry':
      for (const details of childrenOf(node, 'TaxCodeDetails')) checkTaxCode(details, list, state);
      break;
    case 'AnalysisTypeTableEntry':
      checkAnalysis(node, where(`${textOf(node, 'AnalysisType')} ${textOf(node, 'AnalysisID')}`), state);
      break;
    case 'Taxonomy':
      for (const element of childrenOf(node, 'TaxonomyElement'))
        refersToAccount(element, 'AccountID', where(''), state);
      break;
    default:
  }
}

function checkAccount(node: Node, where: string, version: string, state: CheckState): void {
  const id = textOf(node, 'AccountID') ?? '';
  const opening = state.sided(node, 'OpeningDebitBalance', 'OpeningCreditBalance', where) ?? 0n;
  const closing = state.sided(node, 'ClosingDebitBalance', 'ClosingCreditBalance', where) ?? 0n;
  checkGrouping(node, where, version, state);
  if (state.accounts.has(id)) {
    repeated(`account ${id}`, where, state);
    return;
  }
  state.accounts.set(id, { where, opening, closing, movement: 0n, hasLineWithoutParty: false });
}

function checkGrouping(node: Node, where: string, version: string, state: CheckState): void {
  const category = textOf(node, 'GroupingCategory') ?? '';
  const code = textOf(node, 'GroupingCode') ?? '';
  const action = 'take category and code from the list for the income year, or NA for both where nothing fits';
  const standard = textOf(node, 'StandardAccountID') ?? '';
  if (category === '' && code === '' && standard !== '' && isBefore130(version)) return;
  if (category === '' || code === '') {
    const severity = isBefore130(version) ? 'warning' : 'error';
    // From 1.30 on the shape asks for both: what it cannot see is that one is empty.
    if (severity === 'warning' || (childOf(node, 'GroupingCategory') && childOf(node, 'GroupingCode'))) {
      state.report(14, severity, where, 'the account has no grouping category and code', action);
    }
    return;
  }
  if (category === 'NA' || code === 'NA') return;
  const { groupings } = state.options;
  if (groupings === undefined ? groupingCategories.has(category) : groupings.has(`${category}/${code}`)) return;
  if (groupings === undefined && !hasGroupingList(state.periodStart)) {
    const message = `the grouping category ${category} is not judged: no list of ${state.periodStart.slice(0, 4)} is known here`;
    state.findings.addOnce(category, { rule: 14, severity: 'info', where, message, action });
    return;
  }
  // Municipalities and the state have lists of their own (KOSTRA, STAT): so a warning.
  const message =
    groupings === undefined
      ? `the grouping category ${category} is in no list known here`
      : `${category} ${code} is not in the grouping list`;
  state.report(14, 'warning', where, message, action);
}

/** 1.30 made the grouping mandatory; before, an account could be mapped to a standard account instead. */
export function isBefore130(version: string): boolean {
  return /^1\.[012]/.test(version);
}

function checkParty(node: Node, idName: string, where: string, known: Set<string>, state: CheckState): void {
  const id = textOf(node, idName) ?? '';
  if (known.has(id)) repeated(`${node.name.toLowerCase()} ${id}`, where, state);
  known.add(id);
  checkBankAccounts(node, where, state);
  for (const analysis of childrenOf(childOf(node, 'PartyInfo'), 'Analysis')) checkAnalysisUse(analysis, where, state);
  // Before 1.30 the account and the balances stand in the party itself, and the balances may be absent.
  const flat = node.children.some(({ name }) => /^(?:Opening|Closing)(?:Debit|Credit)Balance$/.test(name));
  if (flat) addBalances(node, where, state);
  else refersToAccount(node, 'AccountID', where, state);
  for (const balances of childrenOf(node, 'BalanceAccount')) addBalances(balances, `${where}/BalanceAccount`, state);
}

function addBalances(node: Node, where: string, state: CheckState): void {
  const opening = state.sided(node, 'OpeningDebitBalance', 'OpeningCreditBalance', where) ?? 0n;
  const closing = state.sided(node, 'ClosingDebitBalance', 'ClosingCreditBalance', where) ?? 0n;
  const account = textOf(node, 'AccountID');
  if (account === undefined) return;
  refersToAccount(node, 'AccountID', where, state);
  const sums = state.subledgers.get(account) ?? { opening: 0n, closing: 0n, where };
  sums.opening += opening;
  sums.closing += closing;
  state.subledgers.set(account, sums);
}

function checkOwner(node: Node, where: string, state: CheckState): void {
  const id = textOf(node, 'OwnerID');
  if (id !== undefined && state.owners.has(id)) repeated(`owner ${id}`, where, state);
  if (id !== undefined) state.owners.add(id);
  checkBankAccounts(node, where, state);
  refersToAccount(node, 'AccountID', where, state);
}

/** The ledger accounts that bank accounts of a company, a party or an owner name. */
export function checkBankAccounts(node: Node | undefined, where: string, state: CheckState): void {
  for (const account of childrenOf(node, 'BankAccount')) {
    refersToAccount(account, 'GeneralLedgerAccountID', `${where}/BankAccount`, state);
  }
}

function refersToAccount(node: Node, name: string, where: string, state: CheckState): void {
  for (const { text, line } of childrenOf(node, name)) {
    const action = 'list the account in GeneralLedgerAccounts, or name another';
    state.resolve(state.accounts.has(text), `account ${text}`, `${where}/${name}, line ${line}`, action);
  }
}

function checkTaxCode(node: Node, list: string, state: CheckState): void {
  const id = textOf(node, 'TaxCode') ?? '';
  const where = `MasterFiles/${list}/TaxTableEntry/TaxCodeDetails ${id}, line ${node.line}`;
  // A code may come again with the next rate from its own date.
  const dated = `${id}\n${textOf(node, 'EffectiveDate') ?? ''}`;
  if (state.taxCodeDates.has(dated)) repeated(`tax code ${id} with the same EffectiveDate`, where, state);
  state.taxCodeDates.add(dated);
  const standard = textOf(node, 'StandardTaxCode') ?? '';
  if (!isStandardTaxCode(standard.toUpperCase())) {
    const action = "take the code from Skatteetaten's list of standard tax codes, or NA where none fits";
    state.report(11, 'warning', where, `${standard === '' ? 'nothing' : standard} is not a standard tax code`, action);
  }
  const code = state.taxCodes.get(id) ?? { percentages: new Set(), baseRates: new Set() };
  const percentage = textOf(node, 'TaxPercentage');
  // Every line is held against all of them, so there may not be any number.
  if (percentage !== undefined && code.percentages.size < mostRates) code.percentages.add(percentage);
  for (const { text } of childrenOf(node, 'BaseRate')) {
    if (toMillionths(text) !== undefined && code.baseRates.size < mostRates) code.baseRates.add(text);
  }
  state.taxCodes.set(id, code);
}

const mostRates = 50;

function checkAnalysis(node: Node, where: string, state: CheckState): void {
  const key = analysisKey(node);
  if (state.analyses.has(key)) repeated(`analysis ${key.replace('\n', ' ')}`, where, state);
  else state.analyses.set(key, { where, used: false });
  for (const linked of childrenOf(node, 'Analysis')) checkAnalysisUse(linked, where, state);
}

/** An (AnalysisType, AnalysisID) pair that a line or a party uses. */
export function checkAnalysisUse(node: Node, where: string, state: CheckState): void {
  const key = analysisKey(node);
  const entry = state.analyses.get(key);
  if (entry !== undefined) entry.used = true;
  // The table stands after customers and suppliers, so what they use is resolved when the table has come.
  else state.lateAnalyses.push({ key, where: `${where}/Analysis, line ${node.line}` });
}

/** Resolves what was used before the table came, or by a line: everything is known now. */
export function resolveAnalyses(state: CheckState): void {
  for (const { key, where } of state.lateAnalyses.splice(0)) {
    const entry = state.analyses.get(key);
    if (entry !== undefined) entry.used = true;
    const action = 'list the pair of type and id in AnalysisTypeTable, or name another';
    state.resolve(entry !== undefined, `analysis ${key.replace('\n', ' ')}`, where, action);
  }
}

function analysisKey(node: Node): string {
  return `${textOf(node, 'AnalysisType') ?? ''}\n${textOf(node, 'AnalysisID') ?? ''}`;
}

function repeated(what: string, where: string, state: CheckState): void {
  state.report(6, 'error', where, `${what} is there twice`, 'give each its own id');
}
