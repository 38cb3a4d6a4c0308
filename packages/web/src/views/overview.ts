import {
  companyOverview,
  officeOverview,
  type CompanyOverview,
  type OfficeOverview,
  type StandingCompany,
} from '../data/overview.ts';
import { csvOf } from '../tables/csv.ts';
import type { Office, View } from '../view.ts';
import { companyPart } from './parts/company-overview.ts';
import { companyColumns, officePart } from './parts/office-overview.ts';

type OverviewData =
  | { readonly of: 'office'; readonly office: OfficeOverview; readonly isFirst: boolean }
  | { readonly of: 'company'; readonly company: CompanyOverview };

/** Whether the provider equals the books: of one company, and of many at a glance. */
export const overview: View<OverviewData> = {
  name: 'overview',
  scope: 'both',
  data: async (office, { companyId, parameters }) => {
    if (companyId === undefined)
      return { of: 'office', office: await officeOverview(office, parameters), isFirst: !parameters.has('after') };
    return { of: 'company', company: await office.with(companyId, async (open) => companyOverview(open, parameters)) };
  },
  page: (data, context) => ({
    title: context.texts.shell.viewTitles.overview,
    main: data.of === 'office' ? officePart(data.office, data.isFirst, context) : companyPart(data.company, context),
  }),
  tables: {
    companies: (office, { parameters }, context) =>
      csvOf(companyColumns(context), allCompanies(office, parameters), { language: context.language, currency: 'NOK' }),
  },
};

async function* allCompanies(
  office: Office,
  parameters: URLSearchParams,
): AsyncGenerator<StandingCompany, void, undefined> {
  const asked = new URLSearchParams(parameters);
  asked.delete('after');
  for (;;) {
    const { companies, next } = await officeOverview(office, asked);
    yield* companies;
    if (next === undefined) return;
    asked.set('after', next);
  }
}
