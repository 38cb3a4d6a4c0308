import { BilagError } from '@bilag/core';
import type { OpenTarget } from '../delivery/open-target.ts';
import type { ReadTarget } from './prove-company.ts';

/** What a proof reads of a target. Throws `unsupported` where it cannot list. */
export function readTargetOf({ company, connection }: OpenTarget): ReadTarget {
  const { service, target } = connection;
  const { title } = target.adapter;
  const list = service.list?.bind(service);
  if (list === undefined) {
    throw new BilagError('unsupported', {
      what: `${title} cannot list what it holds, so its accounts cannot be read back`,
      where: `target ${target.name}, company ${company.id}`,
      action: `run bilag verify ${target.name} instead, and bilag prove --without-targets`,
    });
  }
  return { title, list: ({ from, to }) => list(from, to) };
}
