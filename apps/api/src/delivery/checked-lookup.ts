/**
 * Where a webhook may go: the name is resolved, each of its addresses is checked, and the connection is made to an address
 * that was checked, so that a name whose address changes in between leads nowhere else.
 */
import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from '@microtome/domain/announcement/receiver';
import { AppError } from '@microtome/domain/app-error';

/** As `http.request` takes it. Fails with an AppError FORBIDDEN when the name leads into a private network. */
export const lookUpPublic: LookupFunction = (hostname, options, answer) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return answer(error, '');
    const refused = found.find(({ address }) => !isPublicAddress(address));
    if (refused) return answer(refuse(hostname, refused.address), '');
    if (options.all) return answer(null, found);
    const [first] = found;
    return first ? answer(null, first.address, first.family) : answer(refuse(hostname, 'nowhere'), '');
  });
};

/** FORBIDDEN for an address that is written as such, which nothing looks up. */
export function refusePrivateHost(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refuse(host, host);
}

function refuse(hostname: string, address: string): AppError {
  const where = hostname === address ? `'${address}'` : `'${hostname}' leads to ${address}, which`;
  return new AppError(
    'FORBIDDEN',
    `${where} is not on the public internet: webhooks go there only where WEBHOOKS_TO_PRIVATE_NETWORKS=true is set.`,
  );
}
