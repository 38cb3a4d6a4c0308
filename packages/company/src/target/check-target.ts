import {
  named,
  type BookVatCode,
  type Finding,
  type Policy,
  type ServiceAccount,
  type ServiceAdapter,
  type ServiceChart,
} from '@bilag/core';
import type { Company } from '../config/company.ts';
import { policyUses, type PolicyUse } from './policy-uses.ts';

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
  /** Accounts of which something was found that would refuse a line on them. */
  readonly unfit: ReadonlySet<string>;
}

/** Compares everything a policy can post on, in all its versions, with what the target has. Pure. */
export function checkTarget(
  { policy, id }: Pick<Company, 'policy' | 'id'>,
  chart: ServiceChart,
  adapter: Pick<ServiceAdapter, 'title' | 'vat' | 'vatCodes'>,
  can: { readonly attach: boolean } = { attach: true },
): CheckedTarget {
  const uses = policyUses(policy, adapter.vat);
  const known = new Map(chart.accounts.map((account) => [account.number, account]));
  const codes = new Map(chart.vatCodes.map((code) => [code.code, code]));
  const keepsCodes = adapter.vatCodes !== 'not-kept';
  // Of several uses of one account the first names it.
  const accounts = new Map<string, PolicyUse>();
  for (const use of uses) if (!accounts.has(use.account)) accounts.set(use.account, use);
  // A target without codes of its own has nothing to compare.
  const taxed = new Map<string, PolicyUse>(
    keepsCodes ? uses.flatMap((use) => (use.vat === undefined ? [] : [[use.vat.code, use]])) : [],
  );
  const unfit = uses.filter((use) => isUnfit(use, known.get(use.account), codes, keepsCodes));
  const found = [
    ...uses.flatMap((use) =>
      accountFindings(use, { chart, title: adapter.title, keepsCodes, isFirst: accounts.get(use.account) === use }),
    ),
    ...[...taxed.values()].flatMap((use) =>
      codeFindings(use, { codes, title: adapter.title, isLast: use.version === policy.versions.at(-1) }),
    ),
  ];
  return {
    places: [
      ...[...accounts.values()].map(({ use, account: number }): CheckedPlace => {
        return { kind: 'account', use, number, name: known.get(number)?.name ?? null };
      }),
      ...[...taxed].map(([code, { use }]): CheckedPlace => {
        return { kind: 'vat-code', use, number: code, name: codes.get(code)?.description ?? null };
      }),
    ],
    findings: [
      ...found.map((finding) => ({ ...finding, where: `company ${id}, ${finding.where}` })),
      ...periodFindings(policy, chart, id),
      ...linesFindings(policy, adapter.title, id, can.attach),
    ],
    unfit: new Set(unfit.map(({ account }) => account)),
  };
}

function accountFindings(
  { use, account: number, isRare, vat, ...rest }: PolicyUse,
  about: {
    readonly chart: ServiceChart;
    readonly title: string;
    readonly keepsCodes: boolean;
    readonly isFirst: boolean;
  },
): Finding[] {
  const { chart, title, keepsCodes, isFirst } = about;
  const account = chart.accounts.find((one) => one.number === number);
  const where = `account ${number} (${use})`;
  // What is rarely posted stops a voucher only when it comes.
  const level = isRare ? 'warning' : 'error';
  if (account === undefined || !account.isActive) {
    const message = `account ${number} ${account === undefined ? 'is not in' : 'is closed in'} ${title}`;
    const action = `open it there, or name another in the policy${candidates(chart, number)}`;
    return isFirst ? [{ code: 'account-missing', severity: level, message, where, action }] : [];
  }
  const findings: Finding[] = [];
  if (keepsCodes && vat !== undefined && account.vatCodes?.includes(vat.code) === false) {
    const allowed = account.vatCodes.join(', ') || 'none';
    const message = `${title} does not take VAT code ${vat.code} on account ${number}, but ${allowed}`;
    const action = 'change the account there, or the VAT treatment in the policy';
    findings.push({ code: 'vat-code-not-taken', severity: level, message, where, action });
  }
  const asked = unmetRequirements(account, rest);
  if (asked.length > 0) {
    const message = `${title} asks for ${asked.join(' and ')} on account ${number}`;
    const action = 'give it in the policy (dimensions, supplier, customer), or use another account';
    findings.push({ code: 'account-requires', severity: level, message, where, action });
  }
  return findings;
}

function codeFindings(
  { use, vat, isRare }: PolicyUse,
  about: { readonly codes: ReadonlyMap<string, BookVatCode>; readonly title: string; readonly isLast: boolean },
): Finding[] {
  const { codes, title, isLast } = about;
  const { code = '', rateBasisPoints = 0 } = vat ?? {};
  const there = codes.get(code);
  const where = `VAT code ${code} (${use})`;
  if (there === undefined) {
    const message = `VAT code ${code} is not offered by ${title}`;
    const action = 'see whether the company is registered for VAT there, or name another code in the policy';
    return [{ code: 'vat-code-missing', severity: isRare ? 'warning' : 'error', message, where, action }];
  }
  // The target tells the rates of today.
  if (!isLast || there.rateBasisPoints === rateBasisPoints) return [];
  const message = `VAT code ${code} is ${there.rateBasisPoints / 100} % in ${title}, and ${rateBasisPoints / 100} % in the policy`;
  return [
    { code: 'vat-rate-differs', severity: 'error', message, where, action: 'mend the rate or the code in the policy' },
  ];
}

/** What is there with a number like it. */
function candidates({ accounts }: ServiceChart, number: string): string {
  const near = accounts.filter((account) => account.isActive && account.number.slice(0, 2) === number.slice(0, 2));
  const listed = near.slice(0, 4).map(({ number: other, name }) => `${other} ${name}`);
  return listed.length === 0 ? '' : `; there are ${listed.join(', ')}`;
}

function isUnfit(
  use: PolicyUse,
  account: ServiceAccount | undefined,
  codes: ReadonlyMap<string, unknown>,
  keepsCodes: boolean,
): boolean {
  if (account === undefined || !account.isActive || unmetRequirements(account, use).length > 0) return true;
  if (use.vat === undefined || !keepsCodes) return false;
  return !codes.has(use.vat.code) || account.vatCodes?.includes(use.vat.code) === false;
}

function unmetRequirements(
  { requires = [] }: ServiceAccount,
  { party, dimensions = {} }: Pick<PolicyUse, 'party' | 'dimensions'>,
): string[] {
  return requires.filter((asked) => {
    const isParty = asked === 'customer' || asked === 'supplier';
    return isParty ? party?.kind !== asked : named(dimensions, asked) === undefined;
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
