'use client';
/** Asks for notifications, or to be left alone. Nothing is ever asked of the browser but by this. */
import { Bell, BellOff } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { useNotifications } from './notification-provider.tsx';

export function NotificationSwitch() {
  const { isOn, toggle } = useNotifications();
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label="Tell me when my work ends"
      title={isOn ? 'You hear of your work when it ends' : 'Tell me when my work ends'}
      aria-pressed={isOn}
      onClick={toggle}
    >
      {isOn ? <Bell /> : <BellOff />}
    </Button>
  );
}
