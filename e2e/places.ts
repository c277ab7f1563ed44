// From where a browser reaches the relay: this machine, or an address on a LAN by plain http, where browsers withhold much.

export interface Place {
  name: string
  host: string
  /** Whether the browser calls the page a secure context there. */
  secure: boolean
  browserArgs: readonly string[]
}

export const loopback: Place = { name: 'on this machine', host: '127.0.0.1', secure: true, browserArgs: [] }

/** An address of TEST-NET-1 (RFC 5737) that only the browser believes in: its packets go to loopback. */
export const lan: Place = {
  name: 'over plain http on a LAN address',
  host: '192.0.2.2',
  secure: false,
  browserArgs: ['--host-resolver-rules=MAP 192.0.2.2 127.0.0.1']
}
