// Links that carry a code lead to the web client, which finds it behind the hash: from there on it is in no request and in no log [SPEC §5].
import type { Express, Request, Response } from 'express'
import { noStore } from './headers.ts'
import { endpoint } from './routing.ts'

/** `/join/<words>` and `/reset/<username>/<code>`. */
export function codeLinks(app: Express): void {
  const lead = (request: Request, response: Response): void => {
    const [, ...parts] = request.path.split('/')
    response.redirect(302, `/#/${parts.join('/')}`)
  }
  app.use(['/join', '/reset'], noStore)
  endpoint(app, '/join/:code', { get: [lead] })
  endpoint(app, '/reset/:username/:code', { get: [lead] })
}
