/**
 * Who is told of announcements: a webhook or a mail address, and the form that each must have. Which addresses are
 * private is told here too, because a webhook must not reach into the network of the server.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { checkStorable } from '../text-rules.ts';
import type { AnnouncementKind } from './announcement.ts';

export const RECEIVER_MEDIA = ['WEBHOOK', 'MAIL'] as const;
export type ReceiverMedium = (typeof RECEIVER_MEDIA)[number];

const ADDRESS_LENGTH_MAX = 1_000;

/** The address as it is kept. BAD_INPUT unless it is one of http or https without a name and password. */
export function checkWebhookAddress(text: string): string {
  checkStorable(text, 'The address');
  const url = text.length <= ADDRESS_LENGTH_MAX ? URL.parse(text.trim()) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new AppError('BAD_INPUT', `'${shorten(text)}' is not an address that begins with http or https.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError(
      'BAD_INPUT',
      'The address holds a name or password: what is sent is signed with a secret instead.',
    );
  }
  url.hash = '';
  return url.href;
}

/** BAD_INPUT unless mail can be sent there. */
export function checkMailAddress(text: string): string {
  checkStorable(text, 'The address');
  const parsed = z.email().max(ADDRESS_LENGTH_MAX).safeParse(text.trim());
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', `'${shorten(text)}' is not a mail address.`);
}

/** Each once, in the order given. BAD_INPUT when there is none. */
export function checkKinds(kinds: readonly AnnouncementKind[]): AnnouncementKind[] {
  if (kinds.length > 0) return [...new Set(kinds)];
  throw new AppError('BAD_INPUT', 'Choose at least one kind of announcement.');
}

/** Whether an IP address is one of the public internet: not loopback, a private net, or a way to one of them. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
