// GET /readyz: whether what is sent to this relay can be stored. Knows no storage.
import type { Express } from 'express'
import { ProtocolError } from '../../protocol/errors.ts'
import { noStore } from './headers.ts'
import { endpoint } from './routing.ts'

/** @param trouble why nothing can be stored now; undefined while it can */
export function readinessRoute(app: Express, trouble: () => string | undefined): void {
  app.use('/readyz', noStore)
  endpoint(app, '/readyz', {
    get: [
      (_request, response) => {
        const reason = trouble()
        if (reason !== undefined) {
          throw new ProtocolError('storage-unavailable', `the relay cannot store anything at the moment: ${reason}`)
        }
        response.json({ status: 'ready' })
      }
    ]
  })
}
