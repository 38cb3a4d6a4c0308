import type { Adapter, Dedupe } from '@bilag/core';
import { fileLaws, proveFileLaw } from './laws/file/file-laws.ts';
import type { FileSubject } from './files/file-subject.ts';
import { importLaws, proveImportLaw, type ImportSubject } from './laws/source/import-laws.ts';
import type { LawResult } from './law.ts';
import { proveServiceLaw, serviceLaws } from './laws/service/service-laws.ts';
import type { ServiceSubject } from './services/service-subject.ts';
import { proveSourceLaw, sourceLaws, type SourceSubject } from './laws/source/source-laws.ts';

/** An adapter, and what the laws need to try it. */
export type Subject<Config = unknown> = ServiceSubject<Config> | FileSubject<Config>;

/** Anything that is tried by laws: an adapter, a source by its API, or a source by the files that it imports. */
export type AnySubject<Config = unknown> = Subject<Config> | SourceSubject<Config> | ImportSubject<Config>;

/** What an adapter declares, and what it proved. Plain JSON. */
export interface ConformanceReport {
  readonly adapter: string;
  readonly title: string;
  /** The subject's variant: a dialect, a version. */
  readonly variant?: string;
  readonly kind: Adapter['kind'];
  readonly vat: Adapter['vat'];
  /** Of services. */
  readonly dedupe?: Dedupe;
  readonly laws: readonly LawResult[];
}

/** A law of either kind, ready to be proved for one subject. */
export interface LawToProve {
  readonly id: string;
  readonly sentence: string;
  prove(): Promise<LawResult>;
}

/** Whether the subject is a service's. */
export function isServiceSubject(subject: Subject<never>): subject is ServiceSubject<never> {
  return subject.adapter.kind === 'service';
}

/** The laws of the subject's kind. */
export function lawsOf<Config>(subject: AnySubject<Config>): readonly LawToProve[] {
  if ('samples' in subject) return importLaws.map((law) => ({ ...law, prove: () => proveImportLaw(law, subject) }));
  if ('source' in subject) return sourceLaws.map((law) => ({ ...law, prove: () => proveSourceLaw(law, subject) }));
  const erased = subject as unknown as Subject<never>;
  if (isServiceSubject(erased)) {
    return serviceLaws.map((law) => ({ ...law, prove: () => proveServiceLaw(law, erased) }));
  }
  return fileLaws.map((law) => ({ ...law, prove: () => proveFileLaw(law, erased) }));
}

/** Proves every law for a subject, one after the other. */
export async function proveAll<Config>(subject: Subject<Config>): Promise<ConformanceReport> {
  const laws: LawResult[] = [];
  for (const law of lawsOf(subject)) laws.push(await law.prove());
  const { id, title, kind, vat } = subject.adapter;
  const variant = 'variant' in subject ? subject.variant : undefined;
  return {
    adapter: id,
    title,
    ...(variant === undefined ? {} : { variant }),
    kind,
    vat,
    ...(subject.adapter.kind === 'service' ? { dedupe: subject.adapter.dedupe } : {}),
    laws,
  };
}
