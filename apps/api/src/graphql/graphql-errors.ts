/** The edge of GraphQL: an AppError becomes its sentence and code; anything unexpected becomes INTERNAL, without details. */
import { AppError, ERROR_CODES } from '@microtome/domain/app-error';
import { databaseAway, isDatabaseFault } from '@microtome/store/database/database-faults';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** What the client sees of an error of this request; its id is in each line of the log. */
export function formatErrorOf(requestId: string, error: unknown): GraphQLFormattedError {
  const formatted = formatGraphqlError(error);
  return { ...formatted, extensions: { ...formatted.extensions, requestId } };
}

/** The same, where no request has an id yet. */
export function formatGraphqlError(error: unknown): GraphQLFormattedError {
  const graphqlError = error instanceof GraphQLError ? error : null;
  const place = { locations: graphqlError?.toJSON().locations, path: graphqlError?.path };
  const cause = findCause(error);
  if (cause instanceof AppError) {
    const { retryable } = ERROR_CODES[cause.code];
    return {
      ...place,
      message: cause.message,
      extensions: { code: cause.code, retryable, ...cause.details },
    };
  }
  if (isCallersFault(error)) {
    return {
      ...place,
      message: (error as Error).message,
      extensions: { code: 'BAD_INPUT', retryable: false },
    };
  }
  const message = 'Something went wrong on the server. Its log has the details.';
  return { ...place, message, extensions: { code: 'INTERNAL', retryable: false } };
}

/** Whether this error is unexpected and belongs in the log. */
export function isUnexpectedError(error: unknown): boolean {
  return !(findCause(error) instanceof AppError) && !isCallersFault(error);
}

/** Errors may be wrapped more than once: by a scalar's parser, by execution, by Apollo. */
function findCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return isDatabaseFault(cause) ? databaseAway(cause) : cause;
}

/** A document that does not parse or validate, a wrong variable, a cursor that Pothos does not know. */
function isCallersFault(error: unknown): boolean {
  const cause = findCause(error);
  return cause instanceof GraphQLError || (cause instanceof Error && cause.name === 'PothosValidationError');
}
