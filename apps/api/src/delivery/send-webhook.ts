/**
 * One attempt at a webhook: a POST that is signed as Standard Webhooks says, to an address that was checked, without
 * following where the answer points. An answer of 2xx means that it arrived.
 */
import { createHmac } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { lookUpPublic, refusePrivateHost } from './checked-lookup.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

export const WEBHOOK_TIMEOUT_MS = 10_000;
/** Of the answer; the rest is not read. */
const ANSWER_LENGTH_MAX = 1_000;
const MS_PER_SECOND = 1_000;

type WebhookRequest = {
  address: string;
  /** Base64. */
  secret: string;
  message: OutgoingMessage;
  mayReachPrivateNetworks: boolean;
  signal: AbortSignal;
};

type WebhookAnswer = { status: number; text: string /** The header of that name. */; retryAfter?: string };

/** Rejects when there is no answer: a network fault, an address that is not allowed, or `signal`. */
export async function sendWebhook(sending: WebhookRequest): Promise<WebhookAnswer> {
  const { address, secret, message, mayReachPrivateNetworks, signal } = sending;
  const url = new URL(address);
  if (!mayReachPrivateNetworks) refusePrivateHost(url.hostname);
  const body = JSON.stringify(message.body);
  const timestamp = Math.floor(Date.now() / MS_PER_SECOND);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = send(
      url,
      {
        method: 'POST',
        // Each attempt looks the name up: no connection of an earlier one is used again.
        agent: false,
        signal,
        ...(mayReachPrivateNetworks ? {} : { lookup: lookUpPublic }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Microtome',
          'webhook-id': message.id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${sign(`${message.id}.${timestamp}.${body}`, secret)}`,
        },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body);
  });
  const { 'retry-after': retryAfter } = answer.headers;
  return { status: answer.statusCode ?? 0, text: await readBeginning(answer), retryAfter };
}

function sign(content: string, secret: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(content).digest('base64');
}

async function readBeginning(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const part of answer) {
    text += part;
    if (text.length >= ANSWER_LENGTH_MAX) break;
  }
  answer.destroy();
  // A column cannot hold NUL, nor half of a character.
  return text.slice(0, ANSWER_LENGTH_MAX).toWellFormed().replaceAll('\0', '\uFFFD');
}
