// Every number of the wire contract. Sides may be stricter on their own account, never looser.

/** The protocol version spoken here; a relay accepts this one and the one before. */
export const PROTOCOL_VERSION = 1
export const OLDEST_PROTOCOL_VERSION = 1

/** Lengths in UTF-16 code units, as `String.length` counts them on both sides. */
export const MAX_BODY_CHARS = 20_000
export const MAX_ROOM_NAME_CHARS = 80
export const MAX_TOPIC_CHARS = 300
export const MAX_DISPLAY_NAME_CHARS = 50
export const MAX_STATUS_CHARS = 100
export const MIN_USERNAME_CHARS = 2
export const MAX_USERNAME_CHARS = 32
export const MIN_PASSWORD_CHARS = 8
export const MAX_PASSWORD_CHARS = 200
export const MAX_DEVICE_NAME_CHARS = 80
export const MAX_INVITE_CODE_CHARS = 100
export const MAX_TOKEN_CHARS = 200

/**
 * One emoji with all its modifiers; how many different ones a user may have set on one message, and how many ever, those taken away
 * included.
 */
export const MAX_EMOJI_CHARS = 32
export const MAX_REACTIONS_PER_USER = 20
export const MAX_REACTIONS_EVER_PER_USER = 100

/** One operation may name this many users; a room may hold this many joined members. */
export const MAX_USERS_PER_OPERATION = 1_000
export const MAX_ROOM_MEMBERS = 2_000

/** A picture of a user or a room, and its sides in pixels. */
export const MAX_AVATAR_BYTES = 64_000
export const MAX_AVATAR_SIDE = 256
/** Whom one message may mention, and to how many others one may be said alone [S11.5]. */
export const MAX_MENTIONS = 50
export const MAX_ASIDE_RECIPIENTS = 50
/** [S11.8] */
export const MAX_BLOCKS = 1_000
/** Messages that one room holds up at once. */
export const MAX_PINS = 50
/** [S13.1] Former texts that the relay keeps of one message. */
export const MAX_KEPT_EDITS = 50
/** Devices that the relay remembers of one user: who signs in on one more loses the one that was not used for longest. */
export const MAX_DEVICES_PER_USER = 50

/** A Socket.IO packet above this closes the connection; an HTTP body above it is answered 413. */
export const MAX_PACKET_BYTES = 1_000_000
/** What a device puts into one push, so that the packet stays well below MAX_PACKET_BYTES. */
export const MAX_PUSH_OPERATIONS = 100
export const MAX_PUSH_BYTES = 400_000
/** Operations that one operation may name in dependsOn. */
export const MAX_DEPENDENCIES = 20
/** [S2.3] Remembered answers of one device. */
export const MAX_UNSETTLED_ANSWERS = 1_000

/** One pull: its wants, and what the relay puts into the answer for all of them together. */
export const MAX_PULL_WANTS = 500
export const MAX_PULL_RECORDS = 1_000
export const MAX_PULL_BYTES = 500_000
/** Messages of one page, by socket or REST. */
export const DEFAULT_PAGE_MESSAGES = 50
export const MAX_PAGE_MESSAGES = 200
/** A hint with larger records goes out without them. */
export const MAX_HINT_BYTES = 100_000

/**
 * What may wait to be sent on one connection, and on all connections of a relay together (a hint that waits for many counts for each):
 * who takes too little is cut off, the one with most first. No request is answered while more than the third waits for its connection.
 */
export const MAX_WAITING_BYTES = 4_000_000
export const MAX_WAITING_BYTES_OF_ALL = 128_000_000
export const WAITING_BYTES_BEFORE_ANSWERS = 1_000_000
/** Requests of one connection that are not answered yet, their characters, and those of all connections; beyond: `rate-limited`. */
export const MAX_WAITING_REQUESTS = 100
export const MAX_WAITING_REQUEST_CHARS = 4_000_000
export const MAX_WAITING_REQUEST_CHARS_OF_ALL = 64_000_000

/** [S7.2] How long an early hint waits for its predecessor, and the most that is added to the pull after it. */
export const HINT_PATIENCE_MS = 100
export const HINT_PULL_JITTER_MS = 200

/** [S12.3] */
export const READS_TELL_MS = 400

/**
 * [S14.1] Typing: how often a device repeats it while keys are pressed, and after how long without one it takes it back; when the relay forgets
 * one that was not repeated; how often the relay says it of one room at most, and how often it repeats it while it lasts; when a receiver forgets
 * what was not repeated. Who is named of many.
 */
export const TYPING_REPEAT_MS = 3_000
export const TYPING_IDLE_MS = 4_000
export const TYPING_TTL_MS = 7_000
export const TYPING_TELL_MS = 1_000
export const TYPING_REFRESH_MS = 4_000
export const TYPING_RECEIVER_TTL_MS = 9_000
export const MAX_TYPING_NAMES = 3
/** The relay pings each connection this often. A device that has heard nothing for SILENCE_LIMIT_MS knows that its connection is dead. */
export const PING_INTERVAL_MS = 8_000
export const SILENCE_LIMIT_MS = 14_000
/**
 * [S14.2] Presence: when a connection that is not heard of any more counts no longer; for how long changes are gathered before they are told;
 * after how long without input a device says that its user is away; whom one connection may watch at once.
 */
export const PRESENCE_TTL_MS = 30_000
export const PRESENCE_TELL_MS = 500
export const AWAY_AFTER_MS = 5 * 60_000
export const MAX_WATCHED_USERS = 200

/** A session token ends this long after its last use; an invite after this unless said otherwise. */
export const TOKEN_LIFETIME_MS = 90 * 24 * 60 * 60 * 1000
export const DEFAULT_INVITE_HOURS = 7 * 24
export const MAX_INVITE_HOURS = 365 * 24
export const DEFAULT_INVITE_USES = 20
export const MAX_INVITE_USES = 10_000
/** Rooms that an invite leads into, and invites that a relay holds at once. */
export const MAX_INVITE_ROOMS = 50
export const MAX_INVITES = 500
/** A code that sets a new password. */
export const RESET_LIFETIME_MS = 24 * 60 * 60 * 1000

/** Open rooms of one answer. */
export const MAX_OPEN_ROOMS_PAGE = 100
/** Rows of one answer to the owner of the relay. */
export const MAX_ADMIN_PAGE = 200

// ── how often and how many at once; all of it is off with RATE_LIMIT=off ──

/** What may be taken at once, and how fast it comes back. */
export interface Share {
  burst: number
  perSecond: number
}
/** Of one device: operations by socket, events by socket (each a request), requests by REST. Beyond: `rate-limited`. */
export const DEVICE_OPERATIONS: Share = { burst: 2_000, perSecond: 400 }
export const DEVICE_EVENTS: Share = { burst: 500, perSecond: 100 }
export const DEVICE_REQUESTS: Share = { burst: 3_000, perSecond: 50 }
/** What an operation with a picture takes of DEVICE_OPERATIONS: the relay decodes it, some ms of work for a few hundred bytes. */
export const PICTURE_OPERATIONS = 20
/** Of one user: devices made without a password (`asNewDevice`), each of which has the shares of a device. */
export const USER_NEW_DEVICES: Share = { burst: 20, perSecond: 1 / 60 }
/** Of one connection: packets of any kind, looked at or not. Beyond: the connection ends with the notice `rate-limited`. */
export const CONNECTION_PACKETS: Share = { burst: 3_000, perSecond: 300 }
/** How long a refused event is held back at most before it is answered: who floods is slowed first. */
export const MAX_REFUSAL_DELAY_MS = 1_000
/**
 * Of one address: signing up and in, and codes; requests of any kind, those for pages included; wrong tokens, by socket or REST (right ones are
 * never refused for them).
 */
export const ADDRESS_SIGN_INS: Share = { burst: 200, perSecond: 200 / (15 * 60) }
export const ADDRESS_REQUESTS: Share = { burst: 10_000, perSecond: 500 }
export const ADDRESS_WRONG_TOKENS: Share = { burst: 60, perSecond: 1 }
/** Connections of one address (TCP), those of them that have not shown a token yet (Socket.IO), and connections of one user. */
export const MAX_ADDRESS_CONNECTIONS = 2_000
export const MAX_ADDRESS_UNKNOWN_CONNECTIONS = 300
export const MAX_USER_CONNECTIONS = 100

/** Failures that cost nothing, how fast one is forgotten, and what the next attempt waits beyond them: twice as long after each. */
export interface Delays {
  free: number
  forgetMs: number
  firstMs: number
  maxMs: number
}
/**
 * Wrong passwords and codes. Of one name from one address (or from one device that the account knows); of one address, whatever the name; of one
 * name, from all addresses together in which the account was not signed in before.
 */
export const NAME_AND_ADDRESS_DELAYS: Delays = { free: 5, forgetMs: 10 * 60_000, firstMs: 1_000, maxMs: 15 * 60_000 }
export const ADDRESS_DELAYS: Delays = { free: 60, forgetMs: 30_000, firstMs: 1_000, maxMs: 5 * 60_000 }
export const NAME_DELAYS: Delays = { free: 50, forgetMs: 60_000, firstMs: 1_000, maxMs: 60_000 }
/** Names and addresses that the relay remembers for all this, of each kind; beyond, those not heard of for longest are forgotten. */
export const MAX_REMEMBERED_KEYS = 50_000

/** Of one HTTP request: all of its headers, its address, how long they and all of it may take to arrive. */
export const MAX_HEADER_BYTES = 16_384
export const MAX_URL_CHARS = 4_000
export const HEADERS_TIMEOUT_MS = 15_000
export const REQUEST_TIMEOUT_MS = 60_000
/** How long a connection may take to show a token. */
export const HANDSHAKE_TIMEOUT_MS = 10_000

/** Errors of which the owner of the relay is told. */
export const MAX_RECENT_ERRORS = 100
