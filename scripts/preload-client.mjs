// For the client's builds: what a room needs in order to be drawn is one file, and the page names the typeface that it is drawn in, so that it need not be
// drawn twice.
import { defaultClientConditions } from 'vite'

const CLIENT = '/src-renderer/main.tsx'
/** The pieces of the typeface in src-renderer/ui/first-faces.css. */
export const FIRST_FACES = /PretendardVariable\.subset\.9[01](?:-[\w-]+)?\.woff2$/

/** @param {string | null} id */
function isClient(id) {
  return id?.replaceAll('\\', '/').endsWith(CLIENT) ?? false
}

/** @returns {import('vite').Plugin} */
export function preloadClient() {
  /** What main.tsx imports, and itself. @type {Set<string>} */
  let drawing = new Set()
  return {
    name: 'maru:preload-client',
    apply: 'build',
    config: () => ({
      // RxJS in the language of these browsers, not in that of 2009.
      resolve: { conditions: ['es2015', ...defaultClientConditions] },
      build: {
        // Whatever has none gets the texts a moment later; with it the page would begin with another file.
        modulePreload: { polyfill: false },
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [{ name: 'shared', test: (id) => drawing.has(id) }],
              includeDependenciesRecursively: false
            }
          }
        }
      }
    }),
    buildEnd() {
      drawing = new Set([...this.getModuleIds()].filter(isClient))
      for (const id of drawing) for (const next of this.getModuleInfo(id)?.importedIds ?? []) drawing.add(next)
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const fonts = Object.values(bundle).filter(
          (each) => each.type === 'asset' && each.originalFileNames.some((name) => FIRST_FACES.test(name))
        )
        if (fonts.length !== 2)
          throw new Error(`of the two first pieces of the typeface ${fonts.length} are in the build`)
        return fonts.map(({ fileName }) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', crossorigin: true, href: `./${fileName}` },
          injectTo: 'head'
        }))
      }
    }
  }
}
