/**
 * The one error class. Its message is a sentence for the person who made the request; its code says what
 * kind of fault it is, and the table below says what each kind means for HTTP and whether a retry may help.
 */

/** What each code means outside: its HTTP status, and whether the same request may succeed later. */
export const ERROR_CODES = {
  BAD_INPUT: { httpStatus: 400, retryable: false },
  NOT_FOUND: { httpStatus: 404, retryable: false },
  CONFLICT: { httpStatus: 409, retryable: false },
  SEALED: { httpStatus: 403, retryable: false },
  FORBIDDEN: { httpStatus: 403, retryable: false },
  UNAUTHENTICATED: { httpStatus: 401, retryable: false },
  TOO_MANY_REQUESTS: { httpStatus: 429, retryable: true },
  CANCELED: { httpStatus: 409, retryable: false },
  UNAVAILABLE: { httpStatus: 503, retryable: true },
  /** A stored file is not what was stored. */
  DAMAGED: { httpStatus: 500, retryable: false },
  INTERNAL: { httpStatus: 500, retryable: false },
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error whose message may be shown to the user as it stands. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Throws on a state that the code itself rules out. Never for user input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant violated: ${message}`);
}
