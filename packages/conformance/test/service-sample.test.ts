import { describeLaws } from '@bilag/conformance/vitest';
import { CodelessService } from './sample/codeless-service.ts';
import { OwnDateService } from './sample/own-date-service.ts';
import { sampleSubject } from './sample/sample-adapter.ts';
import { TwoStepService } from './sample/two-step-service.ts';

describeLaws(
  sampleSubject({ title: 'A target that is searched, gross' }),
  sampleSubject({
    title: 'A target that tells duplicates, explicit',
    view: 'explicit',
    dedupe: { by: 'server-reference' },
  }),
  sampleSubject({
    title: 'A target that remembers keys, net, and cannot be searched',
    view: 'net',
    dedupe: { by: 'server-key', keptMs: 86_400_000 },
    can: ['reverse'],
  }),
  sampleSubject({
    title: 'A target that only takes vouchers',
    dedupe: { by: 'none' },
    can: [],
    hasDepartments: false,
  }),
  sampleSubject({
    title: 'A target that tells sales from the journal, takes a hundred lines, and reverses on the voucher’s own date',
    documents: ['sale', 'journal'],
    maxLines: 100,
    reversal: 'own-date',
    service: OwnDateService,
    view: 'explicit',
  }),
  sampleSubject({
    title: 'A target that keeps no VAT codes',
    view: 'explicit',
    vatCodes: 'not-kept',
    service: CodelessService,
  }),
  sampleSubject({
    title: 'A target that drafts a voucher before it books it',
    service: TwoStepService,
  }),
  sampleSubject({
    title: 'A target without duplicates or keys that can be searched',
    dedupe: { by: 'none' },
    view: 'net',
  }),
);
