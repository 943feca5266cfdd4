/**
 * How much WebSocket clients may ask of one API process, and how a client hears that it asked too much. The dashboard
 * needs about ten operations a page; the figures leave room for scripts, and for a laboratory behind one address.
 */

const KIBIBYTE = 1024;

export type SocketLimits = {
  /** Sockets in all, of one address, and of those that have not said `connection_init` yet. */
  sockets: number;
  socketsPerAddress: number;
  unacknowledgedSockets: number;
  /** Sockets that are refused with a reason at the same time; more are refused before the handshake. */
  refusalsAtOnce: number;
  /** `connection_init` must come within this time. */
  acknowledgeWithinMs: number;
  /** Operations under way (queries and subscriptions) of one socket, and in all. */
  operationsPerSocket: number;
  operations: number;
  /** Operations that are being started at once, of all sockets; the others wait for their turn. */
  startsAtOnce: number;
  messageBytes: number;
  operationIdCharacters: number;
  /** With more than this to be sent, a client's operations wait and nothing more is read from it. */
  waitAboveBytes: number;
  /** With more than this to be sent, a client is closed. */
  closeAboveBytes: number;
  /** A client that has operations waiting and takes nothing for this long is closed. */
  stallMs: number;
  /** A client that does not answer the closing is cut off after this time. */
  closeWithinMs: number;
  /** A client is asked this often whether it is there, and has this long to answer. */
  keepAliveMs: number;
};

export const SOCKET_LIMITS: SocketLimits = {
  sockets: 2_000,
  socketsPerAddress: 1_000,
  unacknowledgedSockets: 200,
  refusalsAtOnce: 100,
  acknowledgeWithinMs: 5_000,
  operationsPerSocket: 64,
  operations: 5_000,
  startsAtOnce: 8,
  messageBytes: 256 * KIBIBYTE,
  operationIdCharacters: 128,
  waitAboveBytes: 64 * KIBIBYTE,
  closeAboveBytes: 1024 * KIBIBYTE,
  stallMs: 10_000,
  closeWithinMs: 5_000,
  keepAliveMs: 12_000,
};

/** Why a socket is closed, beyond the codes of the protocol. A client may connect again after a pause. */
export const CLOSE_CODES = {
  /** Known to every WebSocket client as "try again later". */
  TOO_MANY_SOCKETS: 1013,
  SLOW_CLIENT: 4013,
  /** The protocol's own: the client is at fault and does not try again. */
  BAD_MESSAGE: 4400,
  /** What the client may see is no longer what it was: it connects again. */
  ACCESS_CHANGED: 4409,
  INTERNAL: 4500,
} as const;
