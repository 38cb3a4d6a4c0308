import type { OfficeStore } from '@bilag/office';

/** An office with one mistake that somebody could make, and the law that must tell. */
export interface OfficeSaboteur {
  readonly breaks: string;
  readonly mistake: string;
  readonly change: (store: OfficeStore) => Partial<OfficeStore>;
}

export const officeSaboteurs: readonly OfficeSaboteur[] = [
  {
    breaks: 'looks',
    mistake: 'what is gone is forgotten',
    change: (store) => ({ ledgers: async (keys) => (await store.ledgers(keys)).filter(({ isGone }) => !isGone) }),
  },
  {
    breaks: 'looks',
    mistake: 'all keys are one',
    change: (store) => ({ look: (_, seen, at) => store.look('keys', seen, at) }),
  },
  {
    breaks: 'changes',
    mistake: 'a look compares with what another look had read before it wrote',
    change: (store) => ({
      look: async (keys, seen, at) => {
        const found = await store.look(keys, seen, at);
        return found.length > 0 || at < 2 ? found : (await store.changes({ since: at })).slice(0, 1);
      },
    }),
  },
  {
    breaks: 'changes',
    mistake: 'no ledger means every ledger',
    change: (store) => ({
      changes: ({ ledgerIds = [], ...filter } = {}) =>
        store.changes({ ...filter, ...(ledgerIds.length === 0 ? {} : { ledgerIds }) }),
    }),
  },
  {
    breaks: 'confirmed-once',
    mistake: 'a change that went back is taken for confirmed',
    change: (store) => ({
      changes: async (filter) => {
        const changes = await store.changes(filter);
        return filter?.isOpen === true ? changes.slice(0, 1) : changes;
      },
    }),
  },
  {
    breaks: 'confirmed-once',
    mistake: 'the last to confirm takes the place of the first',
    change: (store) => ({
      changes: async (filter) =>
        (await store.changes(filter)).map((change) =>
          change.confirmed === null ? change : { ...change, confirmed: { by: 'Ola', at: 6 } },
        ),
    }),
  },
  {
    breaks: 'nights',
    mistake: 'every night is a new one',
    change: (store) => ({ beginNight: (night) => store.beginNight({ ...night, goesOnSince: night.at + 1 }) }),
  },
  {
    breaks: 'nights',
    mistake: 'a night never ends',
    change: () => ({ endNight: async () => undefined }),
  },
  {
    breaks: 'companies',
    mistake: 'how a company stood first is kept',
    change: (store) => ({
      saveCompany: async (night, state) => {
        for await (const { companyId, target } of store.companies())
          if (companyId === state.companyId && target === state.target) return;
        await store.saveCompany(night, state);
      },
    }),
  },
  {
    breaks: 'companies',
    mistake: 'a company has one target',
    change: (store) => ({ saveCompany: (night, state) => store.saveCompany(night, { ...state, target: 'books' }) }),
  },
  {
    breaks: 'many-companies',
    mistake: 'a page is taken for all',
    change: (store) => ({
      companies: async function* (filter) {
        let count = 0;
        for await (const state of store.companies(filter)) if (count++ < 200) yield state;
      },
    }),
  },
  {
    breaks: 'many-companies',
    mistake: 'those who ask for something are read from the first on again',
    change: (store) => ({
      companies: (filter = {}) => store.companies(filter.asksFor === undefined ? filter : { asksFor: filter.asksFor }),
    }),
  },
  {
    breaks: 'reasons',
    mistake: 'what is found again is new',
    change: (store) => ({
      reasons: async function* (filter) {
        for await (const reason of store.reasons(filter)) yield { ...reason, foundAt: reason.seenAt };
      },
    }),
  },
  {
    breaks: 'reasons',
    mistake: 'a night that could not look takes away what waits',
    change: (store) => ({
      saveCompany: (night, { isPartial: _partial, ...state }) =>
        store.saveCompany(night, state.asksFor === 'retry' ? { ...state, asksFor: 'nothing' } : state),
    }),
  },
  {
    breaks: 'acts',
    mistake: 'how it ended is told a second time',
    change: (store) => ({
      acts: async (filter) =>
        (await store.acts(filter)).map((act) => (act.ended ? { ...act, ended: { ...act.ended, at: 6 } } : act)),
    }),
  },
  {
    breaks: 'acts',
    mistake: 'an act is written down when it has ended',
    change: (store) => ({ acts: async (filter) => (await store.acts(filter)).filter(({ ended }) => ended !== null) }),
  },
];
