// Where a build of the desktop app may look for new versions. What comes from there is run: over plain http anybody on the way could say what that is.

const privateHosts =
  /^(localhost|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|\[::1\]|\[f[cd][0-9a-f:]+\]|\[fe80:[0-9a-f:]+\]|[^.]+\.local|[^.]+\.home\.arpa)$/

/**
 * @param {string | undefined} text what whoever builds has said
 * @returns {string | undefined} an address that ends with `/`; undefined: the build never looks
 * @throws where it is no address, or plain http beyond one's own network
 */
export function updateUrl(text) {
  if (text === undefined || text.trim() === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && privateHosts.test(url.hostname))
  if (url === undefined || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new Error(`MARU_UPDATE_URL must be a plain https address, or http on a network of one's own: ${text}`)
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}
