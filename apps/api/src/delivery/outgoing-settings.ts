/** What the environment says of webhooks and mail. Mail is off unless a server is named. */
export type OutgoingSettings = {
  /** Where links lead: the dashboard, as its users reach it. */
  dashboardUrl: string;
  /** Webhooks may go to loopback and private networks too. */
  mayReachPrivateNetworks: boolean;
  mail: { smtpUrl: string; from: string } | null;
};
