import { proveAll, type ConformanceReport, type LawResult, type Subject } from '../packages/conformance/src/index.ts';
import { importLaws } from '../packages/conformance/src/laws/source/import-laws.ts';
import { sourceLaws } from '../packages/conformance/src/laws/source/source-laws.ts';
import { serviceLaws } from '../packages/conformance/src/laws/service/service-laws.ts';
import { fileLaws } from '../packages/conformance/src/laws/file/file-laws.ts';
import { join } from 'node:path';
import { readText, workspacePackages, type WorkspacePackage } from './repository.ts';
import { repositoryRoot } from './support.ts';

/** An adapter of this repository and what it proved: one report for each of its subjects. */
export interface ProvedAdapter {
  readonly pkg: WorkspacePackage;
  readonly reports: readonly ConformanceReport[];
}

/** A file with the texts in it that are generated from what was proved. */
export interface GeneratedText {
  readonly path: string;
  readonly text: string;
}

/** Proves every adapter of the repository, one after the other. */
export async function proveAdapters(): Promise<ProvedAdapter[]> {
  const proved: ProvedAdapter[] = [];
  for (const pkg of workspacePackages.filter(({ room }) => room === 'adapters')) {
    const { subjects } = (await import(join(pkg.path, 'test/conformance.ts'))) as { subjects: readonly Subject[] };
    const reports: ConformanceReport[] = [];
    for (const subject of subjects) reports.push(await proveAll(subject));
    proved.push({ pkg, reports });
  }
  return proved;
}

/** The README with its table of targets, and each adapter's README with what it proved. */
export function generatedTexts(proved: readonly ProvedAdapter[]): GeneratedText[] {
  const front = join(repositoryRoot, 'README.md');
  const own = proved.map(({ pkg, reports }) => {
    const path = join(pkg.path, 'README.md');
    return { path, text: withBlock(path, 'laws', lawsText(reports)) };
  });
  const kit = join(repositoryRoot, 'packages/conformance/README.md');
  return [
    { path: front, text: withBlock(front, 'targets', targetTable(proved)) },
    { path: kit, text: withBlock(kit, 'laws', lawTable()) },
    ...own,
  ];
}

function withBlock(path: string, name: string, content: string): string {
  const text = readText(path);
  const [open, close] = [`<!-- ${name}: written by pnpm targets -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start === -1 || end < start) throw new Error(`${path} has no place for ${name}: ${open} … ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${text.slice(end)}`;
}

function targetTable(proved: readonly ProvedAdapter[]): string {
  const rows = proved.map(({ pkg, reports }) => {
    const [first] = reports;
    if (first === undefined) throw new Error(`${pkg.folder} has no subject`);
    return [
      first.title,
      `[\`${pkg.manifest.name}\`](adapters/${pkg.folder})`,
      first.kind,
      pkg.manifest.description ?? '',
      first.vat,
      first.kind === 'file' ? '' : againstDuplicates(first),
      supported(reports),
      lawCount(reports),
    ];
  });
  const heading = ['Target', 'Package', 'Kind', 'What it does', 'VAT', 'Against duplicates', 'Takes', 'Laws'];
  return tableOf(heading, rows);
}

/** Every law of the kit, by kind. */
function lawTable(): string {
  const rows = (laws: readonly { readonly id: string; readonly sentence: string }[]): string[][] =>
    laws.map(({ id, sentence }) => [`\`${id}\``, sentence]);
  return [
    tableOf(['Services', 'Law'], rows(serviceLaws)),
    tableOf(['Files', 'Law'], rows(fileLaws)),
    tableOf(['Sources', 'Law'], rows(sourceLaws)),
    tableOf(['Files of sources', 'Law'], rows(importLaws)),
  ].join('\n\n');
}

/** What an adapter proved, in the words of its README. */
function lawsText(reports: readonly ConformanceReport[]): string {
  const [first] = reports;
  if (first === undefined) return '';
  const of = reports.length === 1 ? '' : ` in each of its ${reports.length} variants (${variantsOf(reports)})`;
  const tried = first.kind === 'service' ? 'against its simulated target' : 'by an independent reader of its files';
  const excused = [
    ...new Map(
      reports
        .flatMap(({ laws }) => laws)
        .filter(({ outcome }) => outcome === 'excused')
        .map((law) => [law.law, law]),
    ).values(),
  ];
  const lines = [
    `It keeps ${lawCount(reports)} laws of the [conformance kit](../../packages/conformance) that are asked of it${of}, proved ${tried}. Takes: ${supported(reports)}.`,
    ...(excused.length === 0 ? [] : ['']),
    ...excused.map(({ law, why }) => `- Not asked of it: \`${law}\` (${why}).`),
  ];
  return (first.kind === 'file' ? lines : [`**What is guaranteed.** ${guarantee(first)}`, '', ...lines]).join('\n');
}

function variantsOf(reports: readonly ConformanceReport[]): string {
  return reports.map(({ variant }) => variant).join('; ');
}

/** Kept, of those that are asked of it; every variant keeps what is counted. */
function lawCount(reports: readonly ConformanceReport[]): string {
  const laws = reports[0]?.laws.map(({ law }) => law) ?? [];
  const results = (id: string): LawResult[] => reports.flatMap((report) => report.laws.filter(({ law }) => law === id));
  const asked = laws.filter((id) => results(id).some(({ outcome }) => outcome !== 'excused'));
  const kept = asked.filter((id) => results(id).every(({ outcome }) => outcome !== 'broken'));
  return `${kept.length} of ${asked.length}`;
}

function againstDuplicates({ dedupe }: ConformanceReport): string {
  switch (dedupe?.by) {
    case 'server-reference':
      return 'refuses the reference twice';
    case 'server-key':
      return `remembers a key for ${inWords(dedupe.keptMs)}`;
    case 'search':
      return `searched for ${inWords(dedupe.settlesMs)}`;
    default:
      return 'none: a person is asked';
  }
}

function guarantee({ dedupe, title }: ConformanceReport): string {
  const once =
    'With one installation for a company, every voucher is posted once at most, also after a crash. What got no reply';
  switch (dedupe?.by) {
    case 'server-reference':
      return `${once} may be sent again, because ${title} refuses a second voucher with the same reference.`;
    case 'server-key':
      return `${once} is sent again within ${inWords(dedupe.keptMs)} only, while ${title} remembers its key; after that a person is asked.`;
    case 'search':
      return `${once} is looked for by its reference during ${inWords(dedupe.settlesMs)}; what is not found then is asked of a person.${dedupe.provesAbsence === false ? ` ${title} cannot prove that it did not arrive, so that nothing is ever sent again by itself.` : ` Who chooses \`--send-again\` instead trusts that ${title} shows a posting within that time.`}`;
    default:
      return `${once} is asked of a person, because ${title} can neither be searched nor refuse it.`;
  }
}

function inWords(ms: number): string {
  return ms >= 3_600_000
    ? `${ms / 3_600_000} hours`
    : ms >= 120_000
      ? `${ms / 60_000} minutes`
      : `${ms / 1000} seconds`;
}

/** What the laws saw it take: what it declares and what it proves agree, or a law is broken. */
function supported(reports: readonly ConformanceReport[]): string {
  const seen = new Map(reports.flatMap(({ laws }) => laws.map((law) => [law.law, law] as const)));
  const takes = features.filter(([id, observed]) => {
    const law = seen.get(id);
    return law?.outcome === 'kept' && (observed === undefined || law.observed?.startsWith(observed) === true);
  });
  return takes.map(([, , words]) => words).join(', ') || 'amounts and texts';
}

/** A law, what it must have seen, and what that is called. */
const features: readonly (readonly [law: string, observed: string | undefined, words: string])[] = [
  ['dimensions', 'kept', 'dimensions'],
  ['currency', 'kept', 'other currencies'],
  ['zero-decimal', 'kept', 'currencies without minor units'],
  ['reversal', 'own', 'its own reversal'],
  ['attachment', undefined, 'attachments'],
  ['listed', undefined, 'lists'],
  ['checked', undefined, 'a checker'],
];

function tableOf(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), `|${heading.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
