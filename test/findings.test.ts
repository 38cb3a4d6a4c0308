import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, filesUnder, readText, shown, workspacePackages } from './repository.ts';
import { repositoryRoot } from './support.ts';

const page = readText(join(repositoryRoot, 'docs/findings.md'));
const documented = new Map(
  [...page.matchAll(/^\| `([^`]+)` \| ([a-z, ]+) \|/gm)].map(([, code = '', severities = '']) => [
    code,
    severities.split(', '),
  ]),
);

const sources = workspacePackages
  .filter(({ room }) => room !== 'examples')
  .flatMap(({ path }) => filesUnder(join(path, 'src'), '.ts'));
const found = sources.flatMap((file) => findingsIn(codeOf(readText(file))).map((made) => ({ ...made, file })));

describe('every finding is explained', () => {
  test('in docs/findings.md, with its severity', () => {
    const missing = found.filter(({ code, severity }) => {
      const severities = documented.get(code);
      return severities === undefined || (severity !== undefined && !severities.includes(severity));
    });
    expect(missing.map(({ code, severity = '', file }) => `${code} ${severity} (${shown(file)})`)).toEqual([]);
  });

  test('and none is that no code can make', () => {
    expect(found.length).toBeGreaterThan(30);
    const known = new Set(found.map(({ code }) => code));
    expect([...documented.keys()].filter((code) => !known.has(code))).toEqual([]);
  });

  test('no code is explained twice', () => {
    const codes = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);
    expect(codes.toSorted()).toEqual([...new Set(codes)].toSorted());
  });
});

interface FoundFinding {
  readonly code: string;
  /** Absent where the source computes it. */
  readonly severity?: string;
}

/** The findings a source can make: a code followed by its severity, as arguments or as fields. */
function findingsIn(source: string): FoundFinding[] {
  const severity = `'(info|warning|error)'`;
  const word = '[a-z0-9]+(?:-[a-z0-9]+)*';
  const asArguments = new RegExp(`\\b(?:finding(?:Of)?|add|nothing|say\\w*)\\(\\s*'(${word})',\\s*${severity}`, 'g');
  const asFields = new RegExp(`\\bcode:\\s*([^,;]+?),\\s*severity(?::\\s*(?:${severity}|[^,]+)|\\b)`, 'g');
  const asRules = new RegExp(
    `(?:\\breport\\(\\s*|\\brule: |\\bnew UnreadableFile\\(\\s*)(\\d+|'[A-Z]+')(?:,\\s*(?:severity: )?${severity})?`,
    'g',
  );
  const asConstants = /\b(?:const \w*Code|preBooked\()(?:: \w+)?\s*=?\s*'([a-z][a-z0-9-]*)'/g;
  return [
    ...[...source.matchAll(asArguments)].map(([, code = '', level]) => finding(code, level)),
    ...[...source.matchAll(asFields)].flatMap(([, code = '', level]) =>
      [...code.matchAll(/'([a-z0-9-]+)'(?!\s*\?)/g)].map(([, literal = '']) => finding(literal, level)),
    ),
    ...[...source.matchAll(asRules)].map(([, rule = '', level]) => finding(ruleCode(rule), level)),
    ...[...source.matchAll(asConstants)].map(([, code = '']) => finding(code, undefined)),
  ];
}

function finding(code: string, severity: string | undefined): FoundFinding {
  return severity === undefined ? { code } : { code, severity };
}

/** The checker of SAF-T files names its findings by the number of the rule. */
function ruleCode(rule: string): string {
  const name = rule.replaceAll("'", '');
  return `SAFT-${name.padStart(2, '0')}`;
}
