'use client';
/** What the account menu and the list of acts have in common: who may manage others, and the way out. */
import { useApi } from '../api/api-provider.tsx';
import { useAccess } from './access-provider.tsx';
import { sendSignOut } from './send-sign-in.ts';

export function useAccountActs() {
  const { me } = useAccess();
  const { apiUrl } = useApi();
  const signOut = async () => {
    await sendSignOut(apiUrl);
    window.location.assign('/');
  };
  return {
    /** Null where nobody signs in. */
    account: me?.account ?? null,
    mayManage: me !== null && (me.account.isOwner || me.roles.some(({ role }) => role === 'OWNER')),
    signOut,
  };
}
