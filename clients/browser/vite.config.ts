import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Drawn by few people, or at the end: see `lazy` in `src/ui/app.tsx`. */
const FETCHED_LATER =
  /\/src\/(main\.ts|words\/(de|account|care|history|privacy)\.ts|account\.ts|privacy\.ts|screen\/(calls|consent|failures|recap-markdown)\.ts|styles\/(account|after|care|privacy|settings|page)\.css|ui\/(account|care|consent|ended|history-view|my-data|session-title|play-button|rating|recap|settings|wrap-up-dialog)\.tsx?)|index\.html/;

const SOURCE = join(import.meta.dirname, 'src');

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses, so that the page may be served under a prefix.
  base: './',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // `light-dark()` and container queries as they are; written for older browsers they would be half the style sheet.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // A strict CSP takes no data: addresses.
    assetsInlineLimit: 0,
    // What is fetched later is one file each: its helper would cost more than it saves.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: [join(import.meta.dirname, 'index.html'), join(SOURCE, 'index.ts')],
      // What embedding pages import has its exports.
      preserveEntrySignatures: 'strict',
      output: {
        // What is needed at once is one file: in several it would be 5 % more.
        codeSplitting: { groups: [{ name: 'kuku', test: (id) => !FETCHED_LATER.test(id) }] },
      },
    },
  },
  // The same whoever builds: tests, too, make what is served.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  define: { 'process.env.NODE_ENV': '"production"' },
  // Audio worklets come as `?worker&url`: one bundled module a worklet, in a file of its own.
  worker: { format: 'es' },
  plugins: [stableName(), preloads()],
});

/** `kuku-coach.js`: the name under which pages embed the element, whatever the name of the current build. */
function stableName(): Plugin {
  return {
    name: 'kuku-stable-name',
    generateBundle(_, bundle) {
      const element = Object.values(bundle).find(
        (file) => file.type === 'chunk' && file.facadeModuleId === join(SOURCE, 'index.ts'),
      );
      if (!element) throw new Error('the build has no element');
      this.emitFile({
        type: 'asset',
        fileName: 'kuku-coach.js',
        source: `export * from './${element.fileName}';\n`,
      });
    },
  };
}

/** One round trip: the element comes with the script that imports it, and text is drawn once, in its own letters. */
function preloads(): Plugin {
  return {
    name: 'kuku-preloads',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const names = Object.keys(bundle);
        const fonts = names.filter((name) => name.endsWith('.woff2'));
        const element = names.filter((name) => /\/kuku-[^/]*\.js$/.test(name));
        return [
          ...fonts.map((href) => ({ rel: 'preload', as: 'font', type: 'font/woff2', href })),
          ...element.map((href) => ({ rel: 'modulepreload', href })),
        ].map((attrs) => ({
          tag: 'link',
          attrs: { ...attrs, href: `./${attrs.href}`, crossorigin: '' },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}
