/** Refuses, when a receiver is added, an address to which nothing would be sent: a mistake is told to who makes it. */
import { checkWebhookAddress, type ReceiverMedium } from '@microtome/domain/announcement/receiver';
import { AppError } from '@microtome/domain/app-error';
import { lookUpPublic, refusePrivateHost } from './checked-lookup.ts';
import type { OutgoingSettings } from './outgoing-settings.ts';

export async function checkReceiverAddress(
  { medium, address }: { medium: ReceiverMedium; address: string },
  { mail, mayReachPrivateNetworks }: OutgoingSettings,
): Promise<void> {
  if (medium === 'MAIL') {
    if (mail) return;
    throw new AppError('BAD_INPUT', 'This server sends no mail: SMTP_URL is not set.');
  }
  const { hostname } = new URL(checkWebhookAddress(address));
  if (mayReachPrivateNetworks) return;
  refusePrivateHost(hostname);
  await new Promise<void>((resolve, reject) => {
    lookUpPublic(hostname, { all: true }, (error) => {
      if (!error) return resolve();
      const unknown = `There is no server '${hostname}': its name leads to no address.`;
      reject(error instanceof AppError ? error : new AppError('BAD_INPUT', unknown, { cause: error }));
    });
  });
}
