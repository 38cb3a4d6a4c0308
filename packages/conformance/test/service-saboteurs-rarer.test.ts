import { describeLaws } from '@bilag/conformance/vitest';
import { sampleSubject } from './sample/sample-adapter.ts';
import { describeSaboteurs } from './saboteurs/service/broken-laws.ts';
import { OwnDateService, rarerSaboteurs } from './saboteurs/service/rarer.ts';

describeSaboteurs(rarerSaboteurs);
describeLaws(
  sampleSubject({
    title: 'A target that reverses on the voucher’s own date',
    reversal: 'own-date',
    service: OwnDateService,
  }),
);
