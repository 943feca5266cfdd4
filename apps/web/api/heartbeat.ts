/**
 * Notices that an open socket has fallen silent: a network that is gone, or a server that is frozen, closes nothing. What was
 * asked has to be followed by a word of any kind within a bounded time.
 */

type Heartbeat = {
  /** The server was asked whether it is there. */
  ask(): void;
  /** It said something. */
  hear(): void;
  /** The socket is closed: nothing is awaited any more. */
  stop(): void;
};

export function createHeartbeat({
  answerWithinMs,
  onSilent,
}: {
  answerWithinMs: number;
  onSilent: () => void;
}): Heartbeat {
  let timer: ReturnType<typeof setTimeout> | undefined;
  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }
  return {
    ask() {
      timer ??= setTimeout(() => {
        stop();
        onSilent();
      }, answerWithinMs);
    },
    hear: stop,
    stop,
  };
}
