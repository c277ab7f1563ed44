// Serves the built web client; knows nothing of what is in it but how its files are named.
import express from 'express'
import type { RequestHandler } from 'express'
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const HOW_TO_BUILD = 'The web client is not built; `npm run build` builds it, then start the relay again.\n'

/** @param webRoot the folder of the built client; without one, or without a page in it, `/` says how to build it */
export function webClient(webRoot: string | undefined): RequestHandler {
  if (webRoot === undefined || !existsSync(join(webRoot, 'index.html'))) {
    return (request, response, next) => {
      const asksForPage = request.path === '/' && (request.method === 'GET' || request.method === 'HEAD')
      if (asksForPage) response.status(404).type('text/plain').send(HOW_TO_BUILD)
      else next()
    }
  }
  return express.static(webRoot, {
    cacheControl: false,
    setHeaders: (response, path) => {
      // Names in assets/ carry a hash of the content.
      const hashed = relative(webRoot, path).startsWith(`assets${sep}`)
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    }
  })
}
