import type { SourceLedger, SourceScope } from '@bilag/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Company } from '../src/config/company.ts';
import { chooseLedgers } from '../src/fetch/choose-ledgers.ts';

const anyLedger = fc.record({
  id: fc.constantFrom('302321', '302322', '302323', '302324'),
  currency: fc.constantFrom('NOK', null),
  owner: fc.constantFrom('987654321', '987 654 321', '912345678', '', null),
  handles: fc.constant([]),
  names: fc.constant([]),
  details: fc.constant({}),
});
const anyChoice = fc.option(fc.subarray(['302323', '302321', '302399']), { nil: undefined });

test('a company has of many ledgers what looking at each of them finds, in their order', () => {
  fc.assert(
    fc.property(fc.array(anyLedger), anyChoice, fc.constantFrom('own', 'many'), (ledgers, chosen, keysSee) => {
      const seen: readonly SourceLedger[] = ledgers;
      const company = { id: 'kafe', organisationNumber: '987654321', currency: 'NOK', source: { ledgers: chosen } };
      const isOwn = ({ id, owner }: SourceLedger): boolean => {
        if (chosen !== undefined) return chosen.includes(id);
        return owner === null ? keysSee === 'own' : owner.replaceAll(/\D/g, '') === company.organisationNumber;
      };
      const wanted = seen.filter(isOwn).map(({ id, currency }) => ({ id, currency: currency ?? 'NOK', handles: [] }));
      const scope = { keysSee, keys: 'keys', noAccess: 'ask for access' } as SourceScope;
      const choose = (): unknown => {
        try {
          return chooseLedgers(seen, company as unknown as Company, scope, []).own;
        } catch {
          // None is refused.
          return [];
        }
      };
      // The list is looked through once: asked again it gives the same.
      expect([choose(), choose()]).toEqual([wanted, wanted]);
    }),
  );
});
