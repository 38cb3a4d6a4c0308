import type { ViewTexts } from './view-texts.ts';

export const viewsFi: ViewTexts = {
  overview: {
    company: 'Yritys',
    number: 'Y-tunnus',
    asksFor: 'Tila',
    lastNight: 'Viime yö',
    nothing: 'kunnossa',
    retry: 'yritetään uudelleen',
    person: 'odottaa sinua',
    unknown: 'ei vielä ajettu',
  },
};
