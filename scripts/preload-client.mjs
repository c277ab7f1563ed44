// For the client's builds: what a room needs in order to be drawn is one file, and the page names it, so that it is fetched and compiled while main.tsx
// runs, and its style is there before it draws.

const CLIENT = '/src-renderer/client.tsx'
const FIRST = '/src-renderer/main.tsx'

/** @returns {import('vite').Plugin} */
export function preloadClient() {
  /** What main.tsx imports. @type {Set<string>} */
  let beginning = new Set()
  /** What the client imports, and main.tsx does not. @type {Set<string>} */
  let drawing = new Set()
  return {
    name: 'maru:preload-client',
    apply: 'build',
    config: () => ({
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                { name: 'first', test: (id) => beginning.has(id) },
                { name: 'client', test: (id) => drawing.has(id) }
              ],
              includeDependenciesRecursively: false
            }
          }
        }
      }
    }),
    buildEnd() {
      /** @param {string} name */
      const reached = (name) => {
        const found = new Set([...this.getModuleIds()].filter((id) => id.replaceAll('\\', '/').endsWith(name)))
        for (const id of found) for (const next of this.getModuleInfo(id)?.importedIds ?? []) found.add(next)
        return found
      }
      beginning = reached(FIRST)
      drawing = new Set([...reached(CLIENT)].filter((id) => !beginning.has(id)))
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
        /** @param {string | null} id */
        const isClient = (id) => id?.replaceAll('\\', '/').endsWith(CLIENT) ?? false
        const client = chunks.filter((each) => isClient(each.facadeModuleId) || each.moduleIds.some(isClient))
        if (client.length === 0) throw new Error(`${CLIENT} is in no chunk`)
        /** @type {Set<string>} */
        const scripts = new Set()
        /** @type {Set<string>} */
        const styles = new Set()
        /** @param {(typeof bundle)[string] | undefined} chunk */
        const add = (chunk) => {
          if (chunk?.type !== 'chunk' || scripts.has(chunk.fileName)) return
          scripts.add(chunk.fileName)
          for (const style of chunk.viteMetadata?.importedCss ?? []) styles.add(style)
          for (const name of chunk.imports) add(bundle[name])
        }
        client.forEach(add)
        /**
         * @param {string} rel
         * @param {string} name
         * @returns {import('vite').HtmlTagDescriptor}
         */
        const link = (rel, name) => ({
          tag: 'link',
          attrs: { rel, crossorigin: true, href: `./${name}` },
          injectTo: 'head'
        })
        return [
          ...[...scripts].map((name) => link('modulepreload', name)),
          ...[...styles].map((name) => link('stylesheet', name))
        ]
      }
    }
  }
}
