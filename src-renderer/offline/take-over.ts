// The one word between a page that starts and a new service worker that waits.

/** Sent with a port; the answer there is whether the worker takes over now. */
export const TAKE_OVER = 'maru:take-over'
