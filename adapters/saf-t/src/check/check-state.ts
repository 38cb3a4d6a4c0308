import type { Findings, Violation } from './findings.ts';
import { CompactSet } from '../compact-set.ts';
import { PeriodCheck } from './check-periods.ts';
import { childrenOf, textOf, type Node } from '../xml/node.ts';
import { showOre, toOre } from './decimal.ts';

/** What the checker may be told beyond the file. */
export interface CheckOptions {
  /** The grouping list of the income year as `category/code` pairs; see {@link readGroupingList}. */
  readonly groupings?: ReadonlySet<string>;
}

/** An account of the chart, and what the lines do to it. */
export interface CheckedAccount {
  readonly where: string;
  readonly opening: bigint;
  readonly closing: bigint;
  movement: bigint;
  /** Whether a line on it names no customer and no supplier: then its subledger is not all of it. */
  hasLineWithoutParty: boolean;
}

/** A code of the tax table. */
export interface CheckedTaxCode {
  readonly percentages: Set<string>;
  readonly baseRates: Set<string>;
}

/** An entry of the analysis table. */
export interface CheckedAnalysis {
  readonly where: string;
  used: boolean;
}

/** What is known of a file, or of the files of a set together: master data, and sums by account. Flat in transactions. */
export class CheckState {
  readonly findings: Findings;
  readonly options: CheckOptions;
  readonly accounts: Map<string, CheckedAccount> = new Map();
  readonly customers: Set<string> = new Set();
  readonly suppliers: Set<string> = new Set();
  readonly owners: Set<string> = new Set();
  readonly taxCodes: Map<string, CheckedTaxCode> = new Map();
  readonly taxCodeDates: Set<string> = new Set();
  readonly analyses: Map<string, CheckedAnalysis> = new Map();
  /** Analyses used before their table came. */
  readonly lateAnalyses: { readonly key: string; readonly where: string }[] = [];
  /** Account → the sums of the parties' balances on it. */
  readonly subledgers: Map<string, { opening: bigint; closing: bigint; readonly where: string }> = new Map();
  /** The fingerprints of journals with their TransactionIDs. */
  readonly transactionIds: CompactSet = new CompactSet();
  hasMasterFiles = false;
  hasEntries = false;
  /** Whether a line has a tax amount that is not zero. */
  hasTax = false;
  /** The first day the first header names, or of its year; the newest there is until one does. */
  periodStart = '9999-12-31';
  /** The first header: the set's. */
  header: Node | undefined;
  /** How accounting periods lie to calendar months, as the transactions show it. */
  readonly periods: PeriodCheck = new PeriodCheck();

  constructor(findings: Findings, options: CheckOptions) {
    this.findings = findings;
    this.options = options;
  }

  report(
    rule: Violation['rule'],
    severity: Violation['severity'],
    where: string,
    message: string,
    action: string,
  ): void {
    this.findings.add({ rule, severity, where, message, action });
  }

  /** An amount of a field: rule 10 wants none that is negative. Undefined when it is none, which the shape tells. */
  amount(text: string | undefined, where: string, mayBeNegative = false): bigint | undefined {
    const value = text === undefined ? undefined : toOre(text);
    if (value !== undefined && value < 0n && !mayBeNegative) {
      const action = 'write the opposite debit or credit element instead of a sign';
      this.report(10, 'error', where, `the amount ${showOre(value)} is negative`, action);
    }
    return value;
  }

  /** Debit − credit of a pair of elements such as OpeningDebitBalance and OpeningCreditBalance, where it has just one. */
  sided(node: Node, debit: string, credit: string, where: string): bigint | undefined {
    const debits = childrenOf(node, debit);
    const credits = childrenOf(node, credit);
    if (debits.length + credits.length !== 1) return undefined;
    const side = debits[0] ?? credits[0];
    const value = this.amount(
      side?.children.length === 0 ? side.text : textOf(side, 'Amount'),
      `${where}/${side?.name}`,
    );
    return value === undefined || debits.length === 1 ? value : -value;
  }

  /** A reference must resolve (rule 5). Without master files there is nothing to hold it against. */
  resolve(known: boolean, what: string, where: string, action: string): void {
    if (known || !this.hasMasterFiles) return;
    this.findings.addOnce(what, {
      rule: 5,
      severity: 'error',
      where,
      message: `${what} is not in the master files`,
      action,
    });
  }
}
