import type { ViewTexts } from './view-texts.ts';

export const viewsEn: ViewTexts = {
  overview: {
    company: 'Company',
    number: 'Organisation number',
    asksFor: 'Status',
    lastNight: 'Last night',
    nothing: 'in order',
    retry: 'tried again',
    person: 'needs you',
    unknown: 'not run yet',
  },
};
