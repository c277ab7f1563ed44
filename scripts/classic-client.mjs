// For the client's builds: the file that draws a room, as a classic script. Browsers keep compiled code of those, of all that is in it where a service worker
// has stored it; modules they compile anew at each start. What is loaded later are modules still, and get what the script holds from a small one.
import { createHash } from 'node:crypto'
import { Script } from 'node:vm'

/** @typedef {ReturnType<typeof split>} Parts */
/** @typedef {ReturnType<import('rolldown').PluginContext['parse']>} Program */
/** Of something imported or exported: its name elsewhere, and in the file. @typedef {[there: string, here: string][]} Names */

/** The file, as preload-client.mjs names it. */
const SHARED = 'shared'
const SCRIPT = 'client'
/** What no classic script may say, and what it says instead: no longer, so that the source map holds. */
const STAND_INS = { 'import.meta.resolve': 'undefined', 'import.meta.url': 'clientUrl' }
/** At the end of a file that the bundler has finished. */
const MAP_COMMENT = /\n\/\/# sourceMappingURL=.*\s*$/
const MODULE_TAGS = /(?:<script type="module"[^>]*><\/script>\s*)+/

/**
 * What the file exports is taken when the first of the later modules asks for it, so nothing of that may be assigned anew afterwards
 * (e2e/late-parts.spec.ts looks whether it was).
 * @returns {import('vite').Plugin}
 */
export function classicClient() {
  return {
    name: 'maru:classic-client',
    apply: 'build',
    // A file of that name must never have held something else.
    augmentChunkHash: ({ name }) => (name === SHARED ? [handOut, split, nameOf].join() : undefined),
    generateBundle: {
      // When everybody else has changed what is in the files.
      order: 'post',
      handler(_options, bundle) {
        const parse = (/** @type {string} */ text) => this.parse(text)
        const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
        const shared = chunks.find(({ name }) => name === SHARED)
        if (!shared) throw new Error(`no file is named ${SHARED}`)
        const [helpers, ...others] = chunks.filter(({ fileName }) => shared.imports.includes(fileName))
        if (!helpers || helpers.imports.length > 0 || others.length > 0) {
          throw new Error(
            `${shared.fileName} imports more than the bundler's own helpers: ${shared.imports.join(', ')}`
          )
        }
        const [file, help] = [split(shared.code, parse), split(helpers.code, parse)]
        const map = bundle[`${shared.fileName}.map`]
        const code = toScript(file, help)
        const name = `${SCRIPT}-${createHash('sha256')
          .update(map ? `${code}with a map` : code)
          .digest('base64url')
          .slice(0, 8)}.js`
        const path = shared.fileName.replace(/[^/]*$/, name)
        if (map?.type === 'asset') {
          // Before it is one line more.
          const { mappings, ...rest } = JSON.parse(String(map.source))
          const source = JSON.stringify({ ...rest, file: name, mappings: `;${mappings}` })
          this.emitFile({ type: 'asset', fileName: `${path}.map`, source })
          delete bundle[map.fileName]
        }
        this.emitFile({
          type: 'asset',
          fileName: path,
          source: map ? `${code}//# sourceMappingURL=${name}.map\n` : code
        })
        shared.code = handOut(file.exports)
        const page = bundle['index.html']
        if (page?.type !== 'asset' || !MODULE_TAGS.test(String(page.source)))
          throw new Error('the page names no module')
        page.source = String(page.source).replace(
          MODULE_TAGS,
          `<script defer data-client src="./${path}"></script>\n    `
        )
      }
    }
  }
}

/**
 * A module without its imports and exports, everything else where it was.
 * @param {string} code
 * @param {(code: string) => Program} parse
 */
function split(code, parse) {
  let body = code.replace(MAP_COMMENT, '')
  /** @type {Names} */
  const imports = []
  /** @type {Names} */
  const exports = []
  for (const node of parse(body).body) {
    if (node.type === 'ImportDeclaration') {
      for (const each of node.specifiers) {
        if (each.type !== 'ImportSpecifier') throw new Error(`${each.type} is not expected`)
        imports.push([nameOf(each.imported), each.local.name])
      }
    } else if (node.type === 'ExportNamedDeclaration' && !node.declaration && !node.source) {
      for (const { exported, local } of node.specifiers) exports.push([nameOf(exported), nameOf(local)])
    } else if (/^(?:Ex|Im)port/.test(node.type)) throw new Error(`${node.type} is not expected`)
    else continue
    const gap = body.slice(node.start, node.end).replaceAll(/[^\n]/g, ' ')
    body = body.slice(0, node.start) + gap + body.slice(node.end)
  }
  // As a module's namespace has them.
  return { body, imports, exports: exports.toSorted(([one], [other]) => (one < other ? -1 : 1)) }
}

/**
 * @param {Parts} file what it imports is all of `helpers`
 * @param {Parts} helpers
 */
function toScript({ body, imports, exports }, helpers) {
  const own = Object.entries(STAND_INS).reduce(
    (text, [from, to]) => text.replaceAll(from, to.padEnd(from.length)),
    body
  )
  const helped = `const ${objectOf(imports)} = (() => { ${helpers.body.replaceAll('\n', ' ')}; return ${objectOf(helpers.exports)} })()`
  const code = `(() => { 'use strict'; const clientUrl = document.currentScript.src; ${helped};
${own}
window.maruClient = () => [${exports.map(([, here]) => here).join()}] })()
`
  // Throws where it is no classic script.
  void new Script(code)
  return code
}

/**
 * What the script hands out, by the place in the list.
 * @param {Names} exports
 */
function handOut(exports) {
  const names = exports.map(([there], index) => `e${index} as ${there}`)
  return `const [${exports.map((_, index) => `e${index}`).join()}]=window.maruClient();export{${names.join()}}\n`
}

/** @param {Names} names */
function objectOf(names) {
  return `{ ${names.map((pair) => pair.join(': ')).join(', ')} }`
}

/** @param {import('rolldown/utils').ESTree.ModuleExportName} node */
function nameOf(node) {
  return node.type === 'Literal' ? node.value : node.name
}
