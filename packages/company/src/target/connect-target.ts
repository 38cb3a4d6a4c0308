import type { CompanyInfo, Finding } from '@bilag/core';
import type { Company } from '../config/company.ts';
import { dateIn } from '../dates/period.ts';
import { checkTarget, type CheckedPlace } from './check-target.ts';
import { compareCompany } from './compare-company.ts';
import type { DeliveryConnection } from '../delivery/delivery-connection.ts';
import { requestTimeoutMs } from './local-target.ts';
import { findForeignRevenue } from './foreign-revenue.ts';
import { rehearsePolicy } from './rehearse-policy.ts';

/** What connecting found. */
export interface ConnectedTarget {
  readonly identity: CompanyInfo;
  /** No error among the findings: the company is pinned. */
  readonly isReady: boolean;
  readonly lockedThrough: string | null;
  readonly places: readonly CheckedPlace[];
  readonly findings: readonly Finding[];
  /** What to write into the policy for a target that is posted to, as far as it is not there. */
  readonly proposal: Readonly<Record<string, string>>;
}

/**
 * Checks everything about a target before anything is posted to it: the company, its accounts and VAT codes, and signs that
 * another system books the same sales. Without an error the company is pinned: another behind the same keys is refused from
 * then on. Reads alone are sent.
 */
export async function connectTarget(
  company: Company,
  connection: DeliveryConnection,
  now: Date,
): Promise<ConnectedTarget> {
  const { service, target } = connection;
  const identity = await service.identify();
  const mismatch = compareCompany(company, identity, target.adapter.title);
  const chart = await service.chart();
  const { adapter } = target;
  const checked = checkTarget(company, chart, adapter, { attach: service.attach !== undefined });
  const { places, unfit } = checked;
  const today = dateIn(company.country, now);
  const rehearsed = await rehearsePolicy({ company, service, adapter, today, unfit });
  const foreign = await findForeignRevenue(company, connection, today);
  const inspected = (await service.inspect?.()) ?? [];
  const findings = [...mismatch, ...checked.findings, ...inspected, ...rehearsed, ...foreign];
  const isReady = findings.every(({ severity }) => severity !== 'error');
  if (isReady) await pin(connection, identity);
  const lockedThrough = chart.lockedThrough ?? null;
  return { identity, isReady, lockedThrough, places, findings, proposal: proposalFor(company, lockedThrough) };
}

async function pin({ context, store, target }: DeliveryConnection, { id }: CompanyInfo): Promise<void> {
  const lease = await store.takeLease(context.companyId, {
    holder: context.holder ?? '',
    now: context.clock.now(),
    leaseMs: 60_000,
    requestTimeoutMs,
  });
  try {
    await store.pinTarget(lease, { adapterId: target.adapter.id, targetCompanyId: id });
  } finally {
    await store.releaseLease(lease);
  }
}

function proposalFor({ policy }: Company, lockedThrough: string | null): Readonly<Record<string, string>> {
  const version = policy.versions.at(-1);
  const isLocked = lockedThrough !== null && policy.versions[0].from <= lockedThrough;
  return {
    ...(version?.lines === 'entry' ? { lines: 'summary' } : {}),
    ...(isLocked && (policy.lockedThrough ?? '') < lockedThrough ? { lockedThrough } : {}),
  };
}
