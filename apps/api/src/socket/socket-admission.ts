/** Which sockets are let in: it counts them in all, by address and before their `connection_init`. */
import type { SocketLimits } from './socket-limits.ts';

type Admitted = {
  /** The client has said `connection_init`. */
  acknowledge(): void;
  leave(): void;
};

type SocketAdmission = {
  /** A sentence instead when there are too many. */
  admit(address: string): Admitted | { refusal: string };
};

export function createSocketAdmission(limits: SocketLimits): SocketAdmission {
  const perAddress = new Map<string, number>();
  let sockets = 0;
  let unacknowledged = 0;

  function findRefusal(address: string): string | null {
    if (sockets >= limits.sockets) return `${sockets} clients are connected, and no more fit.`;
    const own = perAddress.get(address) ?? 0;
    if (own >= limits.socketsPerAddress) {
      return `${own} clients of address ${address} are connected, and no more fit.`;
    }
    if (unacknowledged >= limits.unacknowledgedSockets) {
      return `${unacknowledged} clients have not introduced themselves yet, and no more fit.`;
    }
    return null;
  }

  return {
    admit(address) {
      const refusal = findRefusal(address);
      if (refusal) return { refusal };
      sockets++;
      unacknowledged++;
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      let isAcknowledged = false;
      const acknowledge = () => {
        if (!isAcknowledged) unacknowledged--;
        isAcknowledged = true;
      };
      return {
        acknowledge,
        leave() {
          acknowledge();
          sockets--;
          const left = (perAddress.get(address) ?? 0) - 1;
          if (left > 0) perAddress.set(address, left);
          else perAddress.delete(address);
        },
      };
    },
  };
}
