import {
  accountsOf,
  type AccountRole,
  type Finding,
  type Policy,
  type PolicyVersion,
  type ServiceAccount,
  type ServiceAdapter,
  type ServiceChart,
  type VatView,
  named,
} from '@bilag/core';
import type { Company } from '../config/company.ts';

/** An account or VAT code that the policy uses, and what the target says of it. */
export interface CheckedPlace {
  readonly kind: 'account' | 'vat-code';
  /** The part it plays: `clearing`, `sales 25`. */
  readonly use: string;
  /** The account number or the code. */
  readonly number: string;
  /** Its name in the target; null where it is not there. */
  readonly name: string | null;
}

/** A policy held against what a target offers. */
export interface CheckedTarget {
  readonly places: readonly CheckedPlace[];
  readonly findings: readonly Finding[];
}

/** Compares what a policy posts on with what the target has. Pure. */
export function checkTarget(
  { policy, id }: Pick<Company, 'policy' | 'id'>,
  chart: ServiceChart,
  adapter: Pick<ServiceAdapter, 'title' | 'vat' | 'vatCodes'>,
  can: { readonly attach: boolean } = { attach: true },
): CheckedTarget {
  const uses = usesOf(policy, adapter.vat);
  const known = new Map(chart.accounts.map((account) => [account.number, account]));
  const codes = new Map(chart.vatCodes.map((code) => [code.code, code]));
  const places: CheckedPlace[] = [];
  const findings: Finding[] = [];
  const find = (code: string, severity: Finding['severity'], message: string, where: string, action: string): void =>
    void findings.push({ code, severity, message, where: `company ${id}, ${where}`, action });
  for (const { use, number, isRare, vatCode } of uses.accounts) {
    const account = known.get(number);
    places.push({ kind: 'account', use, number, name: account?.name ?? null });
    const where = `account ${number} (${use})`;
    if (account === undefined || !account.isActive) {
      const what = account === undefined ? 'is not in' : 'is closed in';
      const action = `open it there, or name another in the policy${candidates(chart, number)}`;
      // What is rarely posted on stops a voucher only when it comes.
      if (isRare) find('account-missing', 'warning', `account ${number} ${what} ${adapter.title}`, where, action);
      else find('account-missing', 'error', `account ${number} ${what} ${adapter.title}`, where, action);
      continue;
    }
    if (vatCode !== undefined && account.vatCodes !== undefined && !account.vatCodes.includes(vatCode)) {
      const allowed = account.vatCodes.join(', ') || 'none';
      const message = `${adapter.title} does not take VAT code ${vatCode} on account ${number}, but ${allowed}`;
      find(
        'vat-code-not-taken',
        'error',
        message,
        where,
        'change the account there, or the VAT treatment in the policy',
      );
    }
    const asked = unmetRequirements(account, use, policy);
    if (asked.length > 0) {
      const message = `${adapter.title} asks for ${asked.join(' and ')} on account ${number}`;
      find(
        'account-requires',
        'warning',
        message,
        where,
        'give it in the policy (dimensions, supplier), or use another account',
      );
    }
  }
  // A target without codes has nothing to compare.
  for (const { use, code, rateBasisPoints } of adapter.vatCodes === 'not-kept' ? [] : uses.vatCodes) {
    const there = codes.get(code);
    places.push({ kind: 'vat-code', use, number: code, name: there?.description ?? null });
    const where = `VAT code ${code} (${use})`;
    if (there === undefined) {
      find(
        'vat-code-missing',
        'error',
        `VAT code ${code} is not offered by ${adapter.title}`,
        where,
        'see whether the company is registered for VAT there, or name another code in the policy',
      );
    } else if (there.rateBasisPoints !== rateBasisPoints) {
      const message = `VAT code ${code} is ${there.rateBasisPoints / 100} % in ${adapter.title}, and ${rateBasisPoints / 100} % in the policy`;
      find('vat-rate-differs', 'error', message, where, 'mend the rate or the code in the policy');
    }
  }
  findings.push(...periodFindings(policy, chart, id), ...linesFindings(policy, adapter.title, id, can.attach));
  return { places, findings };
}

interface AccountUse {
  readonly use: string;
  readonly number: string;
  readonly isRare: boolean;
  readonly vatCode?: string;
}

interface VatUse {
  readonly use: string;
  readonly code: string;
  readonly rateBasisPoints: number;
}

/** Everything the policy in force last may post on. */
function usesOf(policy: Policy, view: VatView): { readonly accounts: AccountUse[]; readonly vatCodes: VatUse[] } {
  const version = policy.versions.at(-1) ?? policy.versions[0];
  const accounts = new Map<string, AccountUse>();
  const vatCodes = new Map<string, VatUse>();
  const add = (use: AccountUse): void => {
    const known = accounts.get(use.number);
    if (known === undefined || (known.isRare && !use.isRare)) accounts.set(use.number, use);
  };
  for (const ledgerId of ['', ...Object.keys(version.ledgers)]) {
    const numbers = accountsOf(version, ledgerId);
    for (const role of rolesOf(version)) add({ use: role, number: numbers[role], isRare: !always.includes(role) });
  }
  for (const treatment of treatmentsOf(version)) {
    const vat = named(version.vat, treatment);
    if (vat === undefined) continue;
    const { account, code, rateBasisPoints, vatAccount } = vat;
    add({ use: `sales ${treatment}`, number: account, isRare: false, vatCode: code });
    vatCodes.set(code, { use: `sales ${treatment}`, code, rateBasisPoints });
    if (view === 'explicit' && vatAccount !== null && rateBasisPoints > 0)
      add({ use: `VAT ${treatment}`, number: vatAccount, isRare: false });
  }
  const { vat: feeVat } = version.fees;
  if (feeVat !== null) vatCodes.set(feeVat.code, { use: 'fees', ...feeVat });
  return { accounts: [...accounts.values()], vatCodes: [...vatCodes.values()] };
}

/** Roles that every week of trade posts on; the others wait for what is rare. */
const always: readonly AccountRole[] = ['clearing', 'bank', 'inTransit', 'fee', 'feesPayable', 'receivable'];

function rolesOf(version: PolicyVersion): readonly AccountRole[] {
  const books = [version.sales, ...Object.values(version.salesUnits)];
  return [
    'clearing',
    version.payouts === 'in-transit' ? 'inTransit' : 'bank',
    'fee',
    'feesPayable',
    'payable',
    'suspense',
    ...(version.disputes === 'receivable' ? (['disputed'] as const) : []),
    'topUpContra',
    ...(books.some(({ revenue }) => revenue === 'receivable') ? (['receivable'] as const) : []),
  ];
}

function treatmentsOf({ sales, salesUnits }: PolicyVersion): readonly string[] {
  const all = [sales, ...Object.values(salesUnits)].flatMap(({ revenue, sale, refunds }) =>
    sale !== null && (revenue === 'sales' || refunds === 'book') ? [sale] : [],
  );
  return [...new Set(all)];
}

/** What is there with a number like it. */
function candidates({ accounts }: ServiceChart, number: string): string {
  const near = accounts.filter((account) => account.isActive && account.number.slice(0, 2) === number.slice(0, 2));
  const listed = near.slice(0, 4).map(({ number: other, name }) => `${other} ${name}`);
  return listed.length === 0 ? '' : `; there are ${listed.join(', ')}`;
}

function unmetRequirements({ requires = [] }: ServiceAccount, use: string, { versions, supplier }: Policy): string[] {
  const version = versions.at(-1) ?? versions[0];
  const given = new Set(Object.keys(version.sales.dimensions));
  return requires.filter((asked) => {
    if (asked === 'supplier') return !(use === 'payable' && supplier !== undefined);
    if (asked === 'customer') return use !== 'receivable';
    return !given.has(asked);
  });
}

function periodFindings(policy: Policy, { lockedThrough }: ServiceChart, id: string): Finding[] {
  const first = policy.versions[0].from;
  if (lockedThrough === undefined || first > lockedThrough) return [];
  if (policy.lockedThrough !== undefined && policy.lockedThrough >= lockedThrough) return [];
  return [
    {
      code: 'target-locked',
      severity: 'warning',
      message: `the target is closed through ${lockedThrough}, and the cut-over is ${first}: vouchers in between are blocked`,
      where: `company ${id}, policy.lockedThrough`,
      action: `open the period there, begin later, or write lockedThrough: '${lockedThrough}' so that they are booked on the day after, with their original date`,
    },
  ];
}

function linesFindings(policy: Policy, title: string, id: string, canAttach: boolean): Finding[] {
  const version = policy.versions.at(-1);
  if (version?.lines !== 'entry') return [];
  return [
    {
      code: 'lines-per-entry',
      severity: 'info',
      message: `every payment becomes a line of its own in ${title}`,
      where: `company ${id}, policy lines`,
      action: `write lines: 'summary' for one line per account and VAT code${canAttach ? '; the payments are attached to the voucher as a file' : ''}`,
    },
  ];
}
