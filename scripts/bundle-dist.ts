// Run after the compiler in a package's folder: joins its modules into few files, since Node takes a third of a millisecond or more
// for each it loads. What is loaded later is a file of its own, and what two of them share is there once. Other packages stay
// where they are: each is loaded once, whoever asks for it. What the compiler made of sources that are gone is taken away.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

const { exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const dist = resolve('dist');
const compiled = readdirSync(dist, { recursive: true, encoding: 'utf8' });
const isGone = (file: string): boolean => !existsSync(join('src', file.replace(/(?:\.d\.ts|\.js)$/, '.ts')));
const entries = [
  ...Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.default])),
  ...Object.values(bin),
  ...startedBy(compiled.filter((file) => /^[^/\\]+\.js$/.test(file) && !isGone(file))),
];

const bundle = await rolldown({
  input: Object.fromEntries(
    entries.map((entry) => [relative(dist, resolve(entry)).replace(/\.js$/, ''), resolve(entry)]),
  ),
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id),
  // What the compiler wrote is for the oldest Node that is promised, and stays as it is.
  tsconfig: false,
  transform: { target: 'esnext' },
  // By its manifest nothing of a package has effects when it is loaded: what is started would be left out.
  treeshake: false,
  preserveEntrySignatures: 'strict',
  // What a command loads later may also be loaded with the rest.
  checks: { ineffectiveDynamicImport: false },
});
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  minifyInternalExports: false,
});
await bundle.close();
for (const file of compiled.filter((name) => /\.(?:js|map)$/.test(name) || (name.endsWith('.d.ts') && isGone(name))))
  rmSync(join(dist, file));
for (const chunk of output) if (chunk.type === 'chunk') writeFileSync(join(dist, chunk.fileName), chunk.code);

/** What a module names by its own address, to start it in a process of its own. */
function startedBy(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const named = /new URL\(.*?'\.\/([\w-]+\.js)', import\.meta\.url\)/.exec(readFileSync(join(dist, file), 'utf8'));
    return named?.[1] === undefined ? [] : [join(dist, named[1])];
  });
}
