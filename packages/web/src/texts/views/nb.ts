import type { ViewTexts } from './view-texts.ts';

export const viewsNb: ViewTexts = {
  overview: {
    company: 'Selskap',
    number: 'Organisasjonsnummer',
    asksFor: 'Status',
    lastNight: 'Siste natt',
    nothing: 'i orden',
    retry: 'prøves igjen',
    person: 'trenger deg',
    unknown: 'ikke kjørt ennå',
  },
};
