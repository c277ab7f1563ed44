// For the client's builds: src-renderer/first.ts as a classic script of its own, named by its content, before everything else of the page. The browser
// runs it as soon as it has come; modules wait until the page is parsed and has its style.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { build } from 'vite'

/** @returns {import('vite').Plugin} */
export function firstScript() {
  /** @type {import('vite').ResolvedConfig} */
  let config
  let [name, source] = ['first.js', '']
  const bundle = async () => {
    const built = await build({
      configFile: false,
      root: config.root,
      publicDir: false,
      logLevel: 'warn',
      build: {
        write: false,
        ...(config.build.target && { target: config.build.target }),
        modulePreload: false,
        rolldownOptions: { input: join(config.root, 'first.ts'), output: { format: 'iife' } }
      }
    })
    const [script] = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
    if (script?.type !== 'chunk') throw new Error('first.ts gave no script')
    return script.code
  }
  return {
    name: 'maru:first-script',
    configResolved(resolved) {
      config = resolved
    },
    async buildStart() {
      if (config.command !== 'build') return
      source = await bundle()
      const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
      name = `${config.build.assetsDir}/first-${hash}.js`
      this.emitFile({ type: 'asset', fileName: name, source })
    },
    configureServer(server) {
      server.middlewares.use('/first.js', (_request, response, next) => {
        bundle().then((code) => response.setHeader('content-type', 'text/javascript').end(code), next)
      })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        /** @param {string} language */
        const texts = (language) => {
          const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
          const own = chunks.find((each) =>
            each.facadeModuleId?.replaceAll('\\', '/').endsWith(`/texts/${language}.ts`)
          )
          if (!own) throw new Error(`the texts in ${language} are in no chunk`)
          return [own.fileName, ...own.imports].map((file) => `./${file}`).join(' ')
        }
        const files = config.command === 'build' && { 'data-ko': texts('ko'), 'data-en': texts('en') }
        return [{ tag: 'script', attrs: { src: `./${name}`, ...files }, injectTo: 'head-prepend' }]
      }
    }
  }
}
