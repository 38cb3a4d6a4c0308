import type { ViewTexts } from './view-texts.ts';

export const viewsDa: ViewTexts = {
  overview: {
    company: 'Virksomhed',
    number: 'CVR-nummer',
    asksFor: 'Status',
    lastNight: 'Sidste nat',
    nothing: 'i orden',
    retry: 'prøves igen',
    person: 'venter på dig',
    unknown: 'ikke kørt endnu',
  },
};
