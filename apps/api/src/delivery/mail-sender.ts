/** Mail by the server that SMTP_URL names: one short message of plain text for each delivery. */
import { createTransport } from 'nodemailer';
import type { OutgoingMessage } from './outgoing-message.ts';

const TIMEOUT_MS = 10_000;

export type MailSender = {
  /** The answer of the server, which took the message; rejects when it did not. */
  send(to: string, message: OutgoingMessage): Promise<string>;
  close(): void;
};

export function createMailSender({ smtpUrl, from }: { smtpUrl: string; from: string }): MailSender {
  const transport = createTransport(
    {
      url: smtpUrl,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      // What a message says never makes it read a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send(to, { id, title, lines, link }) {
      const { response } = await transport.sendMail({
        to,
        subject: title,
        text: `${[title, ...lines, link].join('\n\n')}\n`,
        messageId: `<${id}@microtome>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return response;
    },
    close: () => transport.close(),
  };
}
