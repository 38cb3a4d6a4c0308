import type { ViewTexts } from './view-texts.ts';

export const viewsSv: ViewTexts = {
  overview: {
    company: 'Företag',
    number: 'Organisationsnummer',
    asksFor: 'Status',
    lastNight: 'Senaste natten',
    nothing: 'i ordning',
    retry: 'försöks igen',
    person: 'väntar på dig',
    unknown: 'inte körd än',
  },
};
