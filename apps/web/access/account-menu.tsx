'use client';
/** Who is signed in, with the pages of accounts and the way out. Nothing where there are no accounts. */
import { CircleUser, KeyRound, LogOut, ScrollText, Users } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { useAccountActs } from './use-account-acts.ts';

export function AccountMenu() {
  const { account, mayManage, signOut } = useAccountActs();
  const router = useRouter();
  if (!account) return null;
  const { name } = account;
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
      <MenuItem onSelect={() => void signOut()}>
        <LogOut />
        Sign out
      </MenuItem>
    </Menu>
  );
}
