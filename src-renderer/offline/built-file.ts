// What the build says of each of its files to the service worker. Must know nothing of either.

export interface BuiltFile {
  /** Relative to the client's address; the page itself is `./`. */
  path: string
  /** As in the `integrity` attribute: nothing else is ever kept under this path. */
  integrity: string
  /** Not fetched before the page asks for it: of the many pieces of a font, a person meets a few. */
  whenUsed?: true
}
