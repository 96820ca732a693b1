// Bundles GraphiQL with its editor, workers and fonts into dist/gateway/page.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, so that the page also works below a path of another server.
  base: './',
  build: {
    outDir: fileURLToPath(new URL('../../dist/gateway/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    // The editor alone is above the limit at which a warning is printed (500 kB).
    chunkSizeWarningLimit: 8_000,
    rolldownOptions: {
      // "use client" of the widgets' packages means nothing here; it would be told of hundreds of times.
      onwarn: (warning, tell) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && tell(warning),
    },
  },
  worker: { format: 'es' },
})
