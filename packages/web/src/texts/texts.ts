import { languages, type Language } from '@bilag/core';
import { actsDa } from './acts/da.ts';
import { shellDa } from './shell/da.ts';
import { actsEn } from './acts/en.ts';
import { shellEn } from './shell/en.ts';
import { actsFi } from './acts/fi.ts';
import { shellFi } from './shell/fi.ts';
import { actsNb } from './acts/nb.ts';
import { shellNb } from './shell/nb.ts';
import type { ActTexts } from './acts/act-texts.ts';
import type { ShellTexts } from './shell/shell-texts.ts';
import { actsSv } from './acts/sv.ts';
import { shellSv } from './shell/sv.ts';
import { viewsDa } from './views/da.ts';
import { viewsEn } from './views/en.ts';
import { viewsFi } from './views/fi.ts';
import { viewsNb } from './views/nb.ts';
import { viewsSv } from './views/sv.ts';
import type { ViewTexts } from './views/view-texts.ts';

/** Every text of the pages in one language. A text that a language lacks is a type error. */
export interface Texts {
  /** Menu, foot, forms and refusals. */
  readonly shell: ShellTexts;
  /** Where a person does something. */
  readonly acts: ActTexts;
  /** What stands on the pages. */
  readonly views: ViewTexts;
}

/** The texts by language: bokmål first. */
export const textsOf: Readonly<Record<Language, Texts>> = {
  nb: { shell: shellNb, acts: actsNb, views: viewsNb },
  da: { shell: shellDa, acts: actsDa, views: viewsDa },
  sv: { shell: shellSv, acts: actsSv, views: viewsSv },
  fi: { shell: shellFi, acts: actsFi, views: viewsFi },
  en: { shell: shellEn, acts: actsEn, views: viewsEn },
};

/** Whether a text is a language of the pages. */
export function isLanguage(text: string): text is Language {
  return languages.some((language) => language === text);
}
