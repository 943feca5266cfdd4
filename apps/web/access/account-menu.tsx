'use client';
/** Who is signed in, with the pages of accounts and the way out. Nothing where there are no accounts. */
import { CircleUser, KeyRound, LogOut, ScrollText, Users } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useApi } from '../api/api-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { useAccess } from './access-provider.tsx';
import { sendSignOut } from './send-sign-in.ts';

export function AccountMenu() {
  const { me } = useAccess();
  const { apiUrl } = useApi();
  const router = useRouter();
  if (!me) return null;
  const { name, isOwner } = me.account;
  const mayManage = isOwner || me.roles.some(({ role }) => role === 'OWNER');
  const leave = async () => {
    await sendSignOut(apiUrl);
    window.location.assign('/');
  };
  return (
    <Menu
      trigger={
        <Button look="ghost" size="sm" aria-label={`Account of ${name}`} className="min-w-0 shrink">
          <CircleUser />
          <span className="truncate">{name}</span>
        </Button>
      }
    >
      <MenuItem onSelect={() => router.push('/account')}>
        <KeyRound />
        Account and tokens
      </MenuItem>
      {mayManage && (
        <MenuItem onSelect={() => router.push('/members')}>
          <Users />
          Members
        </MenuItem>
      )}
      {mayManage && (
        <MenuItem onSelect={() => router.push('/audit')}>
          <ScrollText />
          Audit log
        </MenuItem>
      )}
      <MenuItem onSelect={() => void leave()}>
        <LogOut />
        Sign out
      </MenuItem>
    </Menu>
  );
}
